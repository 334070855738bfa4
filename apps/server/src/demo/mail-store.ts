import type pg from 'pg';

/** What the mailbox keeps of a mail. */
export interface CapturedMail {
  to: string;
  from: string;
  subject: string;
  receivedAt: Date;
  raw: Buffer;
}

interface Waiting {
  mail: CapturedMail;
  done: (error: Error | null) => void;
}

const mostPerBatch = 500;
const mostBytesPerBatch = 16 * 1024 * 1024;
/** Batches written at the same time: while one is being committed the next is sent. */
const writers = 2;

/**
 * Writes mail in batches: whatever came while the last batch was written goes into the next. A mail is done when its
 * batch is committed.
 */
export class MailStore {
  readonly #pool: pg.Pool;
  readonly #keep: number;
  #waiting: Waiting[] = [];
  #writing = 0;
  #sincePruned = 0;

  constructor(pool: pg.Pool, keep: number) {
    this.#pool = pool;
    this.#keep = keep;
  }

  add(mail: CapturedMail): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ mail, done: (error) => (error === null ? resolve() : reject(error)) });
      // Not at once: what arrives in the same turn belongs to the same batch.
      setImmediate(() => this.#startWriting());
    });
  }

  #startWriting(): void {
    if (this.#writing >= writers || this.#waiting.length === 0) return;
    this.#writing += 1;
    const batch = this.#nextBatch();
    void this.#write(batch.map(({ mail }) => mail))
      .then(
        () => null,
        (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
      )
      .then((error) => {
        this.#writing -= 1;
        for (const { done } of batch) done(error);
        this.#startWriting();
      });
  }

  #nextBatch(): Waiting[] {
    let bytes = 0;
    const end = this.#waiting.findIndex(({ mail }, index) => {
      bytes += mail.raw.length;
      return index >= mostPerBatch || (index > 0 && bytes > mostBytesPerBatch);
    });
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
  }

  /**
   * All messages go over as one binary value that the database cuts up: an array of bytea would be sent as hexadecimal
   * text, twice as long.
   */
  async #write(mails: CapturedMail[]): Promise<void> {
    let offset = 1;
    const starts = mails.map(({ raw }) => {
      offset += raw.length;
      return offset - raw.length;
    });
    await this.#pool.query({
      name: 'captured_mail_insert',
      text: `
        insert into captured_mail (to_address, from_address, subject, received_at, raw)
        select to_address, from_address, subject, received_at, substring($7::bytea from start for length)
          from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::int[], $6::int[])
            as mail (to_address, from_address, subject, received_at, start, length)`,
      values: [
        mails.map(({ to }) => to),
        mails.map(({ from }) => from),
        mails.map(({ subject }) => subject),
        mails.map(({ receivedAt }) => receivedAt),
        starts,
        mails.map(({ raw }) => raw.length),
        Buffer.concat(mails.map(({ raw }) => raw)),
      ],
    });
    this.#sincePruned += mails.length;
    if (this.#sincePruned < this.#keep / 10) return;
    this.#sincePruned = 0;
    await this.#prune();
  }

  /** Numbers have no gaps worth mentioning, so the newest ones are those from a number on. */
  async #prune(): Promise<void> {
    await this.#pool.query('delete from captured_mail where id <= (select max(id) from captured_mail) - $1::bigint', [
      this.#keep,
    ]);
  }
}
