import pg from 'pg';

/** A statement of the product's own, as it was run. */
export interface Observed {
  text: string;
  /** Where it was run from: file and line. */
  from: string;
  /** For each parameter, from 1, the first one with the same value. */
  same: number[];
  /** What made the temporary tables of its connection. */
  before: string[];
}

type Query = (this: object, ...args: unknown[]) => unknown;
interface Queried {
  query: Query;
}

/**
 * Tells of every statement that the product's own code runs through pg from now on, each text once; what tests themselves ask is
 * not told. Whose it is says the innermost frame of the stack that is ours: PostgreSQL is asked in asynchronous functions
 * throughout, whose callers V8 knows.
 */
export function observeStatements(tell: (observed: Observed) => void): void {
  const looks = new Map<string, number>();
  const temporary = new WeakMap<object, Map<string, string>>();
  const look = (client: object | undefined, args: unknown[]): void => {
    const { text, values } = asked(args);
    const [, created] = /^\s*create temporary table (\w+)/i.exec(text) ?? [];
    if (client && created !== undefined) temporary.set(client, new Map(temporary.get(client)).set(created, text));
    const tables = [...((client && temporary.get(client)) ?? [])];
    const before = tables.filter(([table]) => text.includes(table)).map(([, creation]) => creation);
    const name = [text, ...before].join(';');
    const looked = looks.get(name) ?? 0;
    if (looked >= mostLooks) return;
    const from = caller();
    looks.set(name, from === undefined ? looked + 1 : mostLooks);
    if (from !== undefined) tell({ text, from, same: values.map((value) => values.indexOf(value) + 1), before });
  };
  observe(pg.Client.prototype as unknown as Queried, look, true);
  observe(pg.Pool.prototype as unknown as Queried, look, false);
}

function observe(of: Queried, look: (client: object | undefined, args: unknown[]) => void, isClient: boolean): void {
  const { query } = of;
  of.query = function (this: object, ...args) {
    look(isClient ? this : undefined, args);
    return query.apply(this, args);
  };
}

function asked([config, values]: unknown[]): { text: string; values: unknown[] } {
  if (typeof config === 'string') return { text: config, values: Array.isArray(values) ? values : [] };
  const { text = '', values: own } = (config ?? {}) as { text?: string; values?: unknown };
  return { text, values: Array.isArray(own) ? own : Array.isArray(values) ? values : [] };
}

const frames = 80;
/** So often a text that tests ask is looked at, in case that the product asks it, too: looking takes longer than asking. */
const mostLooks = 20;

const isProducts = /^src\//;
/** Tests; migrations, which run before a cluster is made, and are made up where they are tested; and the demo, which needs none. */
const isApart = /\.test\.ts:|^src\/demo\/|^src\/db\/migrate\.ts:/;

/** Undefined when it is a test that asks, or nobody whom the stack knows. */
function caller(): string | undefined {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = frames;
  const { stack = '' } = new Error();
  Error.stackTraceLimit = limit;
  const ours = stack
    .split('\n')
    .map((line) => /apps\/server\/((?:src|test)\/[^)]+)\)?$/.exec(line)?.[1])
    .find((place) => place !== undefined && !place.startsWith('test/citus/'));
  return ours !== undefined && isProducts.test(ours) && !isApart.test(ours) ? ours : undefined;
}
