import type pg from 'pg';

export interface MailEntry {
  id: number;
  to: string;
  from: string;
  subject: string;
  receivedAt: Date;
  bytes: number;
}

export interface MailFilter {
  /** Part of the recipient's address, or all of it with `exact`. */
  to: string;
  exact: boolean;
  /** Older than this mail, or newer. */
  before: number | undefined;
  after: number | undefined;
  limit: number;
}

export interface MailPage {
  entries: MailEntry[];
  newer: number | null;
  older: number | null;
}

const columns = `
  id, to_address as "to", from_address as "from", subject, received_at as "receivedAt", octet_length(raw) as bytes`;

/** Newest first. The table is capped, so looking through all of it costs a few milliseconds. */
export async function selectMails(pool: pg.Pool, filter: MailFilter): Promise<MailPage> {
  const { before, after, limit } = filter;
  const forward = after !== undefined;
  const { rows } = await pool.query<MailEntry>(
    `select ${columns}
       from captured_mail
      where ($1::bigint is null or ${forward ? 'id > $1' : 'id < $1'})
        and ${filter.exact ? 'lower(to_address) = lower($2)' : "to_address ilike '%' || $2 || '%'"}
      order by id ${forward ? 'asc' : 'desc'}
      limit $3`,
    [after ?? before ?? null, filter.exact ? filter.to : escapeLike(filter.to), limit + 1],
  );
  const more = rows.length > limit;
  const entries = rows.slice(0, limit);
  if (forward) entries.reverse();
  const [first, last] = [entries[0], entries.at(-1)];
  return {
    entries,
    newer: first !== undefined && (forward ? more : before !== undefined) ? first.id : null,
    older: last !== undefined && (forward || more) ? last.id : null,
  };
}

export async function selectMail(pool: pg.Pool, id: number): Promise<(MailEntry & { raw: Buffer }) | undefined> {
  const { rows } = await pool.query<MailEntry & { raw: Buffer }>(
    `select ${columns}, raw from captured_mail where id = $1`,
    [id],
  );
  return rows[0];
}

/** Where the reader is: times are shown in the marketplace's zone. */
export async function selectZone(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ zone: string }>('select zone from marketplace');
  return rows[0]?.zone ?? 'Asia/Tokyo';
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
