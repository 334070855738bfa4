/** As the server has it. */
export const passwordLength = { min: 10, max: 128 };

/** The secret as people type it: in groups of four. */
export function grouped(secret: string): string {
  return secret.match(/.{1,4}/g)?.join(' ') ?? '';
}
