/** base64url, as keys are written in JSON, to bytes. */
export function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** The key that a subscription was made with, base64url; some browsers do not tell. */
export function keyOf({ options }: { options: { applicationServerKey: ArrayBuffer | null } }): string | undefined {
  if (options.applicationServerKey === null) return undefined;
  const text = String.fromCharCode(...new Uint8Array(options.applicationServerKey));
  return btoa(text).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}
