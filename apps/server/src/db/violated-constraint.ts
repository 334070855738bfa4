import pg from 'pg';

/** SQLSTATE class: integrity constraint violation. */
const violation = /^23/;
/** Citus names a shard's constraint after the table's, cut short where that gets too long, and the shard's number. */
const shard = /_\d{6,}$/;

/**
 * The constraint that a statement would have broken; undefined when it failed for something else. On a Citus cluster the message
 * alone says which, and it is a shard's.
 */
export function violatedConstraint(error: unknown): string | undefined {
  if (!(error instanceof pg.DatabaseError) || !violation.test(error.code ?? '')) return undefined;
  const name = error.constraint ?? / constraint "([^"]+)"/.exec(error.message)?.[1];
  return name?.replace(shard, '');
}
