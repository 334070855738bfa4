import type { Catalog, Place, Table } from './catalog.ts';
import { conjuncts, nodesIn } from './expressions.ts';
import { listOf, nodeOf, nodesOf, type Tree, type TreeNode, textOf } from './query-tree.ts';

/** A query within those that it may name columns of. */
export interface Scope {
  query: TreeNode;
  outer: Scope | undefined;
}

/** What a query of a `from` or an expression is: not those of a `with`, which Citus plans by themselves. */
export function childrenOf(query: TreeNode): TreeNode[] {
  const { cteList: _, ...own } = query;
  const found: TreeNode[] = [];
  for (const value of Object.values(own)) {
    for (const node of nodesIn(value, ({ tag }) => tag !== 'QUERY')) if (node.tag === 'QUERY') found.push(node);
  }
  return found;
}

/** A query and all within it, without those of a `with`. */
export function withChildren(query: TreeNode): TreeNode[] {
  return [query, ...childrenOf(query).flatMap(withChildren)];
}

/** Entries of the range table by number, from 1. */
export const entryOf = (query: TreeNode, index: Tree | undefined): TreeNode | undefined =>
  nodesOf(query.rtable)[Number(textOf(index)) - 1];

const relation = '0';
const subquery = '1';
const join = '2';
const group = '9';

export const isRelation = (entry: TreeNode): boolean => entry.rtekind === relation;
export const isSubquery = (entry: TreeNode): boolean => entry.rtekind === subquery;

/** What a query writes to; undefined for a select. */
export const targetOf = (query: TreeNode): TreeNode | undefined => entryOf(query, query.resultRelation);

/** For each parameter, from 1, the first one that was given the same value: `$1` and `$3` may be one customer. */
export type Same = readonly number[];

/** What is known of one statement: which columns are equal, and where its tables are. */
export class Statement {
  private readonly ids = new Map<TreeNode, number>();
  private readonly parents = new Map<string, string>();
  private readonly catalog: Catalog;

  private readonly same: Same;

  constructor(catalog: Catalog, root: TreeNode, same: Same) {
    this.catalog = catalog;
    this.same = same;
    this.readEqualities({ query: root, outer: undefined });
  }

  /** Of a temporary table nothing is in the catalog. */
  tableOf(entry: TreeNode): Table {
    return (
      this.catalog.tables.get(textOf(entry.relid)) ?? { name: 'a temporary table', place: 'plain', key: undefined }
    );
  }

  isTemporary(entry: TreeNode): boolean {
    return !this.catalog.tables.has(textOf(entry.relid));
  }

  /** Tables of this place that a query or those within it name. */
  tablesIn(query: TreeNode, ...places: Place[]): TreeNode[] {
    return withChildren(query).flatMap((one) =>
      nodesOf(one.rtable).filter((entry) => isRelation(entry) && places.includes(this.tableOf(entry).place)),
    );
  }

  /** What the customer_id of a table is equal to, as a name; the same for all that are joined by it. */
  customerOf(entry: TreeNode): string {
    return this.find(`${this.idOf(entry)}.${this.tableOf(entry).key ?? '?'}`);
  }

  /** Whether a table's customer_id is given as a value. */
  isOneCustomer(entry: TreeNode): boolean {
    const customer = this.customerOf(entry);
    return [...this.parents.keys()].some((name) => name.startsWith('$') && this.find(name) === customer);
  }

  private readEqualities(scope: Scope): void {
    const { cteList, ...own } = scope.query;
    for (const cte of nodesOf(cteList)) {
      const query = nodeOf(cte.ctequery);
      if (query) this.readEqualities({ query, outer: scope });
    }
    for (const { tag, quals } of nodesIn(own.jointree, (node) => node.tag !== 'QUERY')) {
      if (tag !== 'FROMEXPR' && tag !== 'JOINEXPR') continue;
      for (const part of conjuncts(quals)) this.readEquality(scope, part);
    }
    for (const query of childrenOf(scope.query)) this.readEqualities({ query, outer: scope });
  }

  private readEquality(scope: Scope, part: TreeNode): void {
    if (part.tag !== 'OPEXPR' || this.catalog.operators.get(textOf(part.opno))?.name !== '=') return;
    const [one, other] = nodesOf(part.args).map((side) => this.nameOf(scope, side));
    if (one !== undefined && other !== undefined) this.parents.set(this.find(one), this.find(other));
  }

  private find(name: string): string {
    if (!this.parents.has(name)) this.parents.set(name, name);
    const parent = this.parents.get(name) ?? name;
    return parent === name ? name : this.find(parent);
  }

  /** Values are named with a $, columns by the table's number and their own. Undefined for anything else. */
  private nameOf(scope: Scope, side: TreeNode): string | undefined {
    if (side.tag === 'PARAM') return `$${this.same[Number(textOf(side.paramid)) - 1] ?? textOf(side.paramid)}`;
    if (side.tag === 'CONST') return `$=${listOf(side.constvalue).flat().join(' ')}`;
    if (side.tag === 'RELABELTYPE') return this.nameOfNode(scope, side.arg);
    if (side.tag !== 'VAR') return undefined;
    let at: Scope | undefined = scope;
    for (let level = Number(textOf(side.varlevelsup)); level > 0; level -= 1) at = at?.outer;
    const entry = at && entryOf(at.query, side.varno);
    if (at === undefined || entry === undefined) return undefined;
    const column = Number(textOf(side.varattno));
    if (entry.rtekind === join) return this.nameOfNode(at, listOf(entry.joinaliasvars)[column - 1]);
    if (entry.rtekind === group) return this.nameOfNode(at, listOf(entry.groupexprs)[column - 1]);
    const query = nodeOf(entry.subquery);
    if (isSubquery(entry) && query) {
      const result = nodesOf(query.targetList)[column - 1];
      return this.nameOfNode({ query, outer: at }, result?.expr) ?? `${this.idOf(entry)}.${column}`;
    }
    return `${this.idOf(entry)}.${column}`;
  }

  private nameOfNode(scope: Scope, tree: Tree | undefined): string | undefined {
    const node = nodeOf(tree);
    return node && this.nameOf(scope, node);
  }

  private idOf(entry: TreeNode): number {
    const id = this.ids.get(entry) ?? this.ids.size;
    this.ids.set(entry, id);
    return id;
  }
}
