import type { Catalog } from './catalog.ts';
import { callsAny, conjuncts, irreducible, nodesIn } from './expressions.ts';
import { type Fact, facts } from './facts.ts';
import { isNode, nodeOf, nodesOf, type Tree, type TreeNode, textOf } from './query-tree.ts';
import {
  childrenOf,
  entryOf,
  isRelation,
  isSubquery,
  type Same,
  type Scope,
  Statement,
  targetOf,
  withChildren,
} from './scope.ts';

const command = { select: '1', update: '2', insert: '3', delete: '4', merge: '5' } as const;

/** Why a statement would not run on a Citus cluster, or not as it does here; empty when nothing speaks against it. */
export function objections(catalog: Catalog, { tree, same }: { tree: Tree; same: Same }): string[] {
  const root = [...nodesIn(tree)].find(({ tag }) => tag === 'QUERY');
  if (root === undefined) throw new Error('No query in this tree');
  const found = new Set<Fact>();
  const check = new Check(new Statement(catalog, root, same), catalog, (fact) => found.add(fact));
  check.snapshot(root);
  check.query(root);
  return [...found].map((fact) => facts[fact]);
}

class Check {
  private readonly catalog: Catalog;
  private readonly statement: Statement;
  private readonly object: (fact: Fact) => void;

  constructor(statement: Statement, catalog: Catalog, object: (fact: Fact) => void) {
    this.catalog = catalog;
    this.statement = statement;
    this.object = object;
  }

  /** A query that Citus plans by itself: the statement, a part of its `with`, a subquery whose result it fetches first. */
  query(query: TreeNode): void {
    for (const cte of nodesOf(query.cteList)) {
      const inner = nodeOf(cte.ctequery);
      if (inner) this.query(inner);
    }
    this.write(query);
    if (!this.readsCustomers(query) || this.isOfOneCustomer(query)) return;
    if (query.commandType === command.insert) {
      for (const inner of childrenOf(query)) this.query(inner);
    } else {
      this.acrossCustomers({ query, outer: undefined });
    }
  }

  private readsCustomers(query: TreeNode): boolean {
    return this.statement.tablesIn(query, 'by customer').length > 0;
  }

  /** Then it is sent as it is to the node where that customer's rows are, whatever is in it. */
  private isOfOneCustomer(query: TreeNode): boolean {
    const tables = this.statement.tablesIn(query, 'by customer');
    const customers = new Set(tables.map((entry) => this.statement.customerOf(entry)));
    const elsewhere = this.statement.tablesIn(query, 'beside', 'plain');
    const [first] = tables;
    return first !== undefined && customers.size === 1 && elsewhere.length === 0 && this.statement.isOneCustomer(first);
  }

  /** Whether Citus has anything to do with it. */
  private isKnown(query: TreeNode): boolean {
    const parts = nodesOf(query.cteList).flatMap(({ ctequery }) => nodeOf(ctequery) ?? []);
    return [query, ...parts].some(
      (part) => this.statement.tablesIn(part, 'by customer', 'every node', 'beside').length > 0,
    );
  }

  private write(query: TreeNode): void {
    const target = targetOf(query);
    if (target === undefined || !this.isKnown(query)) return;
    if (query.commandType === command.insert) this.insert(query, target);
    else this.change(query, target);
    if (callsAny(this.catalog, query.returningList, ['s', 'v'])) this.object('returning');
    if ([...nodesIn(query.returningList)].some(({ tag }) => tag === 'SUBLINK')) this.object('returning');
  }

  private insert(query: TreeNode, target: TreeNode): void {
    const values = !nodesOf(query.rtable).some(isSubquery);
    if (values && query.hasSubLinks === 'true') this.object('insertSubquery');
    const conflict = nodeOf(query.onConflict);
    if (conflict === undefined) return;
    const parts = [conflict.onConflictSet, conflict.onConflictWhere, conflict.arbiterWhere];
    if (parts.some((part) => callsAny(this.catalog, part, ['s', 'v']))) this.object('onConflict');
    this.keepsKey(conflict.onConflictSet, target);
  }

  private change(query: TreeNode, target: TreeNode): void {
    if (query.commandType === command.merge) this.object('grouping');
    if (withChildren(query).some((one) => callsAny(this.catalog, { ...one, cteList: null }, ['v']))) {
      this.object('volatile');
    }
    const parts = [...nodesOf(query.targetList), nodeOf(query.jointree)?.quals];
    for (const part of parts) {
      const kind = irreducible(this.catalog, part);
      if (kind !== undefined) this.object(kind === 'in a case' ? 'lazy' : 'stableOfColumn');
    }
    this.keepsKey(query.targetList, target);
    this.changeOfSmall(query, target);
  }

  private keepsKey(assignments: Tree | undefined, target: TreeNode): void {
    const { key } = this.statement.tableOf(target);
    const set = nodesOf(assignments).filter(({ resjunk }) => resjunk !== 'true');
    if (key !== undefined && set.some(({ resno }) => Number(textOf(resno)) === key)) this.object('keyChange');
  }

  private changeOfSmall(query: TreeNode, target: TreeNode): void {
    const { place } = this.statement.tableOf(target);
    if (place === 'by customer') return;
    const nested = nodesOf(query.rtable)
      .filter((entry) => isSubquery(entry))
      .map((entry) => nodeOf(entry.subquery));
    if (nested.some((inner) => inner && this.readsCustomers(inner))) this.object('writeElsewhere');
    if (place !== 'every node') return;
    if (this.readsCustomers(query)) this.object('writeElsewhere');
    if (childrenOf(query).some((inner) => this.statement.tablesIn(inner, 'beside', 'plain').length > 0)) {
      this.object('everyNode');
    }
  }

  private acrossCustomers(scope: Scope): void {
    const { query } = scope;
    if (nodesOf(query.rowMarks).length > 0) this.object('lock');
    if (nodesOf(query.groupingSets).length > 0 || query.hasRecursive === 'true') this.object('grouping');
    const direct = nodesOf(query.rtable).filter((entry) => this.isByCustomer(entry));
    if (new Set(direct.map((entry) => this.statement.customerOf(entry))).size > 1) this.object('join');
    if (direct.length > 0) this.goesOverWhole(query);
    const entries = nodesOf(query.rtable);
    if (entries.length > 1 && entries.some(({ functions }) => nodesOf(functions).length > 1))
      this.object('severalArrays');
    for (const root of nodesOf(nodeOf(query.jointree)?.fromlist)) this.joins(query, root);
    if (this.fromReads(query)) this.selectList(query);
    for (const inner of childrenOf(query)) this.inner(scope, inner);
  }

  /** What is grouped by is worked out before; the rest of the list where the shards' answers are put together. */
  private selectList(query: TreeNode): void {
    if (query.hasAggs !== 'true' && query.hasWindowFuncs !== 'true') return;
    const later = nodesOf(query.targetList).filter(
      ({ ressortgroupref }) => query.hasAggs !== 'true' || ressortgroupref === '0',
    );
    const listed = later.flatMap((one) => [...nodesIn(one, ({ tag }) => tag !== 'AGGREF' && tag !== 'QUERY')]);
    if (listed.some(({ tag }) => tag === 'SUBLINK')) this.object('selectList');
  }

  private isByCustomer(entry: TreeNode): boolean {
    return isRelation(entry) && this.statement.tableOf(entry).place === 'by customer';
  }

  /** A subquery of one across customers. */
  private inner(scope: Scope, inner: TreeNode): void {
    const within = { query: inner, outer: scope };
    const correlated = namesOutside(inner);
    if (!this.readsCustomers(inner)) {
      const elsewhere = this.statement.tablesIn(inner, 'beside', 'plain').length > 0;
      if (correlated && elsewhere) this.object('correlated');
      return;
    }
    if (!correlated) {
      this.query(inner);
      return;
    }
    const outside = this.customersOutside(scope);
    const tables = nodesOf(inner.rtable).filter((entry) => this.isByCustomer(entry));
    const tied = tables.every((entry) => outside.has(this.statement.customerOf(entry)));
    const joined = isFrom(scope.query, inner);
    // What is joined and needs no putting together is a join like any other.
    const plain = joined && !isMerged(inner) && (outside.size === 0 || tied);
    const fetched = joined && isMerged(inner) && this.namesFetched(scope.query, inner);
    if (!plain && (!tied || outside.size === 0 || fetched)) this.object('correlated');
    this.acrossCustomers(within);
  }

  /** Whether a subquery of a `from` names columns of what is not rows of customers, or is fetched first. */
  private namesFetched(query: TreeNode, inner: TreeNode): boolean {
    return outsideNames(inner).some(({ varno }) => {
      const entry = entryOf(query, varno);
      const from = entry && nodeOf(entry.subquery);
      return !this.entryReads(entry) || (from !== undefined && isMerged(from));
    });
  }

  private customersOutside(scope: Scope): Set<string> {
    const own = nodesOf(scope.query.rtable).flatMap((entry) => {
      if (this.isByCustomer(entry)) return [this.statement.customerOf(entry)];
      const inner = isSubquery(entry) ? nodeOf(entry.subquery) : undefined;
      return inner && !namesOutside(inner) ? [...this.customersOutside({ query: inner, outer: undefined })] : [];
    });
    return new Set([...own, ...(scope.outer ? this.customersOutside(scope.outer) : [])]);
  }

  /** Whether what a query selects from holds rows of customers. */
  private fromReads(query: TreeNode): boolean {
    return nodesOf(query.rtable).some((entry) => this.entryReads(entry));
  }

  private entryReads(entry: TreeNode | undefined): boolean {
    const inner = entry && isSubquery(entry) ? nodeOf(entry.subquery) : undefined;
    return entry !== undefined && (this.isByCustomer(entry) || (inner !== undefined && this.fromReads(inner)));
  }

  /** Goes through a join tree. Returns whether there are rows of customers in it. */
  private joins(query: TreeNode, tree: TreeNode): boolean {
    if (tree.tag === 'RANGETBLREF') return this.entryReads(entryOf(query, tree.rtindex));
    const [left, right] = [nodeOf(tree.larg), nodeOf(tree.rarg)].map(
      (side) => side !== undefined && this.joins(query, side),
    );
    const kind = textOf(tree.jointype);
    const wrong =
      (kind === '1' && !left && right) || (kind === '3' && left && !right) || (kind === '2' && left !== right);
    if (wrong) this.object('outerJoin');
    return left === true || right === true;
  }

  private goesOverWhole(query: TreeNode): void {
    const target = targetOf(query);
    for (const [index, entry] of nodesOf(query.rtable).entries()) {
      if (!isRelation(entry) || entry === target || this.statement.isTemporary(entry)) continue;
      const { place } = this.statement.tableOf(entry);
      if ((place === 'beside' || place === 'plain') && !isFiltered(query, String(index + 1))) this.object('wholeTable');
    }
  }

  /** Here all parts of a `with` see what was there before; on Citus one runs after the other. */
  snapshot(root: TreeNode): void {
    if (!this.isKnown(root)) return;
    const ctes = [...nodesIn(root)].filter(({ tag }) => tag === 'COMMONTABLEEXPR');
    const parts = ctes.map(({ ctequery }) => nodeOf(ctequery)).filter(isNode);
    for (const part of parts) {
      const target = targetOf(part);
      if (target === undefined) continue;
      const reads = [root, ...parts].filter((one) => one !== part && !isHeld(one));
      const names = reads.flatMap(withChildren).flatMap((one) => nodesOf(one.rtable));
      if (names.some((entry) => isRelation(entry) && entry.relid === target.relid)) this.object('snapshot');
    }
  }
}

/** Read where it stands and nowhere else, as it locks what it reads. */
const isHeld = (query: TreeNode): boolean => nodesOf(query.rowMarks).length > 0;

/** The columns of queries around it that a query names. */
function outsideNames(query: TreeNode, depth = 0): TreeNode[] {
  const { cteList: _, ...own } = query;
  const nodes = Object.values(own).flatMap((value) => [...nodesIn(value, ({ tag }) => tag !== 'QUERY')]);
  return nodes.flatMap((node) => {
    if (node.tag === 'QUERY') return outsideNames(node, depth + 1);
    return node.tag === 'VAR' && Number(textOf(node.varlevelsup)) > depth ? [node] : [];
  });
}

const namesOutside = (query: TreeNode): boolean => outsideNames(query).length > 0;

const isFrom = (query: TreeNode, inner: TreeNode): boolean =>
  nodesOf(query.rtable).some((entry) => entry.subquery === inner);

/** Whether what the shards answer has to be put together before it is the query's result. */
function isMerged(query: TreeNode): boolean {
  const grouped = nodesOf(query.groupClause).length > 0;
  return (
    query.limitCount !== null ||
    query.limitOffset !== null ||
    query.hasWindowFuncs === 'true' ||
    nodesOf(query.distinctClause).length > 0 ||
    (query.hasAggs === 'true' && !grouped)
  );
}

/** Whether a condition compares a column of this table with a value. */
function isFiltered(query: TreeNode, index: string): boolean {
  const trees = [...nodesIn(query.jointree, ({ tag }) => tag !== 'QUERY')];
  const parts = trees.flatMap(({ tag, quals }) => (tag === 'FROMEXPR' || tag === 'JOINEXPR' ? conjuncts(quals) : []));
  return parts.some((part) => {
    const names = [...nodesIn(part, ({ tag }) => tag !== 'QUERY')];
    const own = names.some(({ tag, varno }) => tag === 'VAR' && varno === index);
    const others = names.some(({ tag, varno }) => tag === 'VAR' && varno !== index);
    return own && !others && names.some(({ tag }) => tag === 'PARAM' || tag === 'CONST');
  });
}
