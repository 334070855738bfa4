import { type ErrorCode, errorCodes } from '@coupon-push/contract/problem.ts';
import { pushApply } from '@coupon-push/contract/pushes.ts';
import errors from '@coupon-push/i18n/en/errors.json' with { type: 'json' };
import { describe, expect, it } from 'vitest';
import { rowOfField, rowOfRefusal } from './rules.ts';

/** Refusals of an application that are about one row, whether or not they name its field. */
const aboutOneRow: ErrorCode[] = [
  'coupon_not_active',
  'coupon_qstore_only',
  'coupon_not_valid_at_slot',
  'quota_taken',
  'slot_not_offered',
  'uncancellable_not_confirmed',
  'item_not_found',
  'no_items',
  'reminder_before_slot',
  'banner_not_found',
  'feature_not_found',
  'upload_not_found',
  'nobody_ticked',
];

describe('a refused application', () => {
  it('sits at a row of the form, whichever field of the contract it is about', () => {
    const fields = new Set(pushApply.options.flatMap((option) => Object.keys(option.shape)));
    expect([...fields].filter((field) => rowOfField(field) === null)).toEqual([]);
  });

  it.each(aboutOneRow)('sits at a row of the form: %s', (code) => {
    expect(errorCodes).toContain(code);
    expect(rowOfRefusal(code)).not.toBeNull();
    // And says what to do: a sentence of its own, of more than a few words.
    expect(errors.error[code].split(' ').length).toBeGreaterThan(6);
  });
});
