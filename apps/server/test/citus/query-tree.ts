/**
 * PostgreSQL's own tree of an analysed statement (pg_node_tree), as objects: `{OPEXPR :opno 410 :args (...)}` is
 * `{ tag: 'OPEXPR', opno: '410', args: [...] }`, `<>` is null, everything else a string or a list.
 */
export type Tree = TreeNode | Tree[] | string | null;
export interface TreeNode {
  tag: string;
  [field: string]: Tree;
}

export const isNode = (tree: Tree | undefined): tree is TreeNode =>
  typeof tree === 'object' && tree !== null && !Array.isArray(tree);
/** A field that holds a list; empty when it holds none. */
export const listOf = (tree: Tree | undefined): Tree[] => (Array.isArray(tree) ? tree : []);
export const nodesOf = (tree: Tree | undefined): TreeNode[] => listOf(tree).filter(isNode);
export const nodeOf = (tree: Tree | undefined): TreeNode | undefined => (isNode(tree) ? tree : undefined);
export const textOf = (tree: Tree | undefined): string => (typeof tree === 'string' ? tree : '');

/** Strings are quoted or have backslashes before what would end them; nothing in them is of interest here. */
const token = /\s*([(){}[\]]|:[a-zA-Z_]+|"(?:[^"\\]|\\.)*"|(?:[^\s(){}[\]\\]|\\.)+)/gy;

/** @throws Error when the text is no pg_node_tree. */
export function parseQueryTree(text: string): Tree {
  const tokens = [...text.matchAll(token)].map(([, word = '']) => word);
  let at = 0;
  const list = (end: string): Tree[] => {
    const members: Tree[] = [];
    while (tokens[at] !== end) members.push(value());
    at += 1;
    return members;
  };
  const node = (): TreeNode => {
    const made: TreeNode = { tag: tokens[at++] ?? '' };
    while (tokens[at] !== '}') {
      const field = (tokens[at++] ?? '').slice(1);
      const values: Tree[] = [];
      // A constant is written as its length and then its bytes.
      while (tokens[at] !== '}' && !tokens[at]?.startsWith(':')) values.push(value());
      made[field] = values.length === 1 ? (values[0] ?? null) : values;
    }
    at += 1;
    return made;
  };
  const value = (): Tree => {
    const word = tokens[at++];
    if (word === undefined) throw new Error('The tree of a statement ends too early');
    if (word === '{') return node();
    if (word === '(') return list(')');
    if (word === '[') return list(']');
    return word === '<>' ? null : word;
  };
  return value();
}
