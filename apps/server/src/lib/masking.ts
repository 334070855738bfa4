/**
 * An ID or e-mail address as a seller may see it: `ham******` (spec 3.8). Three characters stay, fewer when the name
 * is so short that they would give it away; the rest, the domain and the length are hidden.
 */
export function maskIdentity(identity: string): string {
  const local = identity.split('@', 1)[0] ?? '';
  const characters = [...local];
  const shown = Math.min(3, Math.floor(characters.length / 2));
  return `${characters.slice(0, shown).join('')}******`;
}

/**
 * A customer's own address, shown to them. With its domain: who has several can tell them apart, and whoever else comes
 * upon it learns nothing new.
 */
export function maskAddress(email: string): string {
  return maskIdentity(email) + email.slice(email.lastIndexOf('@'));
}
