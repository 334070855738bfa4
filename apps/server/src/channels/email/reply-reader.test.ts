import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReplyReader } from './reply-reader.ts';

function read(chunks: readonly Buffer[]): string[] {
  const replies: string[] = [];
  const reader = new ReplyReader((text) => replies.push(text));
  for (const chunk of chunks) reader.read(chunk);
  return replies;
}

describe('replies of a server', () => {
  it('are the same however the network cuts them', () => {
    const bytes = Buffer.from('250-first\r\n250-PIPELINING\r\n250 last\r\n354 go on\r\n421 4.3.2 bye\n');
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: bytes.length })), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((place, index) => bytes.subarray(places[index], place));
        expect(read(chunks)).toEqual(['250-first\n250-PIPELINING\n250 last', '354 go on', '421 4.3.2 bye']);
      }),
    );
  });

  it('without an end are cut off, so that they cannot fill the memory', () => {
    const [reply] = read([Buffer.alloc(70_000, 'x')]);
    expect(reply?.length).toBe(70_000);
    expect(read([Buffer.from('250-go\r\n'.repeat(20_000))])).toHaveLength(2);
  });
});
