import type { Catalog } from './catalog.ts';
import { isNode, listOf, nodeOf, type Tree, type TreeNode, textOf } from './query-tree.ts';

/** Every node of a tree, down to where `into` says no. */
export function* nodesIn(tree: Tree | undefined, into: (node: TreeNode) => boolean = () => true): Generator<TreeNode> {
  if (Array.isArray(tree)) for (const member of tree) yield* nodesIn(member, into);
  else if (isNode(tree)) {
    yield tree;
    if (into(tree)) for (const value of Object.values(tree)) yield* nodesIn(value, into);
  }
}

const notQuery = (node: TreeNode): boolean => node.tag !== 'QUERY';

/** Whether an expression calls a function that is no more than this steady; subqueries count. */
export function callsAny(catalog: Catalog, tree: Tree | undefined, volatilities: readonly ('s' | 'v')[]): boolean {
  return [...nodesIn(tree)].some((node) =>
    volatilities.some((volatility) => volatility === volatilityOf(catalog, node)),
  );
}

/**
 * What Citus cannot work out before it sends an UPDATE or DELETE to the shards: functions whose answer depends on more than
 * what they are given, when they are given a column, or stand in CASE or COALESCE, where they might never be called.
 */
export function irreducible(catalog: Catalog, tree: Tree | undefined): 'of a column' | 'in a case' | undefined {
  for (const node of nodesIn(tree, notQuery)) {
    const lazy = node.tag === 'COALESCEEXPR' || node.tag === 'CASEEXPR';
    if (lazy && callsAny(catalog, node, ['s', 'v'])) return 'in a case';
    const steady = volatilityOf(catalog, node) !== 's';
    if (!steady && [...nodesIn(node, notQuery)].some(({ tag }) => tag === 'VAR')) return 'of a column';
  }
  return undefined;
}

function volatilityOf(catalog: Catalog, node: TreeNode): 'i' | 's' | 'v' {
  if (node.tag === 'SQLVALUEFUNCTION') return 's';
  if (node.tag === 'NEXTVALUEEXPR') return 'v';
  const called = functionsOf(catalog, node).map((id) => catalog.functions.get(id)?.volatility);
  return called.includes('v') ? 'v' : called.includes('s') ? 's' : 'i';
}

function functionsOf(catalog: Catalog, node: TreeNode): string[] {
  if (node.tag === 'COERCEVIAIO') {
    const from = catalog.conversions.get(typeOf(nodeOf(node.arg)))?.output;
    const to = catalog.conversions.get(textOf(node.resulttype))?.input;
    return [from, to].filter((id) => id !== undefined);
  }
  const operator = catalog.operators.get(textOf(node.opno))?.functionId;
  const ids = [textOf(node.funcid), textOf(node.aggfnoid), textOf(node.winfnoid), operator ?? ''];
  return ids.filter((id) => id !== '');
}

/** Where a node keeps the type of its value; '' when it is none of the usual ones. */
function typeOf(node: TreeNode | undefined): string {
  const fields = ['vartype', 'paramtype', 'consttype', 'funcresulttype', 'opresulttype', 'resulttype', 'casetype'];
  const field = [...fields, 'coalescetype', 'aggtype', 'type'].find((name) => typeof node?.[name] === 'string');
  return field === undefined ? '' : textOf(node?.[field]);
}

/** The parts of a condition of which all must hold. */
export function conjuncts(quals: Tree | undefined): TreeNode[] {
  if (Array.isArray(quals)) return quals.flatMap(conjuncts);
  if (!isNode(quals)) return [];
  return quals.tag === 'BOOLEXPR' && quals.boolop === 'and' ? listOf(quals.args).flatMap(conjuncts) : [quals];
}
