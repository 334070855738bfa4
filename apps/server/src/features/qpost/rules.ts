/** What a message of the inbox is about, which is also its key within one customer's inbox. */
export interface QpostKey {
  source: 'push' | 'reminder' | 'notice' | 'inquiry';
  sourceId: number;
}

/** Where a page ends: when it was sent, to the microsecond, and what it was. */
export interface QpostPlace extends QpostKey {
  micros: number;
}

const keyPattern = /^(push|reminder|notice|inquiry)\.(\d{1,15})$/;

export function writeKey({ source, sourceId }: QpostKey): string {
  return `${source}.${sourceId}`;
}

export function readKey(text: string): QpostKey | undefined {
  const [, source, sourceId] = keyPattern.exec(text) ?? [];
  return source === undefined ? undefined : { source: source as QpostKey['source'], sourceId: Number(sourceId) };
}

export function writePlace(place: QpostPlace): string {
  return `${place.micros}.${writeKey(place)}`;
}

/** Undefined for what is no place of ours: the list then begins at its beginning. */
export function readPlace(text: string | undefined): QpostPlace | undefined {
  const [, micros, rest] = /^(-?\d{1,16})\.(.+)$/.exec(text ?? '') ?? [];
  const key = readKey(rest ?? '');
  return key === undefined ? undefined : { ...key, micros: Number(micros) };
}
