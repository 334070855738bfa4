import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskIdentity } from './masking.ts';

describe('a masked ID or e-mail', () => {
  it('shows as the guides show it', () => {
    expect(maskIdentity('hamster77')).toBe('ham******');
    expect(maskIdentity('teruko@example.com')).toBe('ter******');
  });

  it('never shows more than half of the name, nor the domain, nor how long it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 0, maxLength: 40 }), (name) => {
        const masked = maskIdentity(`${name.replaceAll('@', '')}@secret.example.com`);
        const shown = masked.slice(0, -6);
        expect(masked.endsWith('******')).toBe(true);
        expect([...shown].length).toBeLessThanOrEqual(3);
        expect([...shown].length * 2).toBeLessThanOrEqual([...name.replaceAll('@', '')].length);
        expect(masked).not.toContain('secret');
      }),
    );
  });
});
