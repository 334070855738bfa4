import type { CompensationUpload } from '@coupon-push/contract/compensation.ts';
import type { Coupon } from '@coupon-push/contract/coupons.ts';
import type { Slots } from '@coupon-push/contract/slots.ts';
import { describe, expect, it } from 'vitest';
import { applicationOf, blockersOf, chosenSlot, firstSlot, isValidityShort, previewOf, rowOfField } from './rules.ts';
import { type ApplyValues, emptyApplication, restoreDraft } from './values.ts';

const coupon: Coupon = {
  id: 50694,
  name: 'test',
  discount: { kind: 'amount', amountMinor: 500 },
  minPurchaseMinor: 1700,
  validity: { kind: 'days', days: 30 },
  qstoreOnly: false,
  state: 'active',
  notSendable: null,
  limits: null,
  createdAt: '2026-11-20T00:00:00Z',
  stoppedAt: null,
};

function slot(date: string, time: string, cancellable: boolean) {
  return { time, slot: `${date}T${time}:00+09:00`, cancelUntil: `${date}T${time}:00+09:00`, cancellable };
}

const week = { weekFrom: '2026-11-23', weekUntil: '2026-11-29', allowed: 1, used: 0, pushes: [] };
const slots: Slots = {
  zone: 'Asia/Tokyo',
  now: '2026-11-24T06:00:00Z',
  dates: [
    {
      date: '2026-11-25',
      weekFull: false,
      slots: [slot('2026-11-25', '10:00', false), slot('2026-11-25', '15:30', true)],
    },
    { date: '2026-11-26', weekFull: false, slots: [slot('2026-11-26', '10:00', true)] },
  ],
  quotas: [week],
  thisWeek: week,
  nextFree: '2026-11-25T10:00:00+09:00',
  nextFreeFrom: null,
};
const full: Slots = { ...slots, dates: slots.dates.map((date) => ({ ...date, weekFull: true })) };

const ready: ApplyValues = { ...emptyApplication, couponId: 50694, date: '2026-11-25', time: '15:30' };

function codes(values: ApplyValues, known: Partial<Parameters<typeof blockersOf>[1]> = {}) {
  return blockersOf(values, { coupon, slots, upload: null, ...known }).map((blocker) => blocker.code);
}

describe('the warning about a short validity', () => {
  const until = (day: string) => ({ kind: 'period' as const, from: '2026-11-01', until: day });

  it('comes when less than 3 days remain after the slot', () => {
    expect(isValidityShort(until('2026-11-27'), '2026-11-25', '10:00')).toBe(true);
  });
  it('does not come when exactly 3 days remain', () => {
    expect(isValidityShort(until('2026-11-27'), '2026-11-25', '00:00')).toBe(false);
    expect(isValidityShort({ kind: 'days', days: 3 }, '2026-11-25', '10:00')).toBe(false);
  });
  it('counts days from issue whatever the slot is', () => {
    expect(isValidityShort({ kind: 'days', days: 2 }, '2026-11-25', '10:00')).toBe(true);
  });
  it('counts the last day to its end', () => {
    expect(isValidityShort(until('2026-11-25'), '2026-11-25', '22:00')).toBe(true);
  });
  it('does not come for a coupon that is over before the slot: that is refused', () => {
    expect(isValidityShort(until('2026-11-24'), '2026-11-25', '10:00')).toBe(false);
    expect(codes(ready, { coupon: { ...coupon, validity: until('2026-11-24') }, slots })).toEqual([
      'coupon_not_valid_at_slot',
    ]);
  });
});

describe('what stands between the form and an application', () => {
  it('is nothing when coupon and slot are chosen', () => {
    expect(codes(ready)).toEqual([]);
  });
  it('is named in the order of the form', () => {
    const values: ApplyValues = { ...emptyApplication, itemsMode: 'chosen', registeredMode: 'period', bannerOn: true };
    expect(codes(values, { coupon: null, slots })).toEqual([
      'coupon_required',
      'items_required',
      'period_required',
      'slot_required',
      'banner_required',
    ]);
  });
  it('is the week when every offered day lies in a full one', () => {
    expect(codes(ready, { coupon, slots: full })).toEqual(['all_weeks_full']);
  });
  it('is a period whose end lies before its beginning', () => {
    expect(codes({ ...ready, registeredMode: 'period', from: '2026-11-02', until: '2026-11-01' })).toEqual([
      'period_backwards',
    ]);
  });
});

describe('what stands between the form and a compensation', () => {
  const upload: CompensationUpload = {
    id: 'b8a2b1a4-5c0e-4d0f-9f53-0d1f6f0b6c11',
    source: 'file',
    fileName: 'orders.xlsx',
    sheet: 'Orders',
    column: 'A',
    uploadedAt: '2026-11-24T06:00:00Z',
    expiresAt: '2026-12-01T06:00:00Z',
    rows: { matched: 3, same_customer: 0, not_found: 0, other_shop: 0, unreadable: 0 },
    customers: 3,
    reachable: 2,
    heldBack: [{ reason: 'refused', customers: 1 }],
  };
  const filled: ApplyValues = { ...ready, type: 'compensation', uploadId: upload.id };

  it('is the upload, until there is one, and when the server has forgotten it', () => {
    expect(codes({ ...filled, uploadId: null })).toEqual(['upload_required']);
    expect(codes(filled, { upload: 'gone' })).toEqual(['upload_gone']);
    expect(codes(filled, { upload: { ...upload, customers: 0, reachable: 0 } })).toEqual(['nobody_matched']);
    expect(codes(filled, { upload })).toEqual([]);
  });
  it('is that somebody who can be reached has to be ticked', () => {
    expect(codes({ ...filled, selection: { mode: 'all', except: [1, 2] } }, { upload })).toEqual(['nobody_ticked']);
    expect(codes({ ...filled, selection: { mode: 'only', only: [] } }, { upload })).toEqual(['nobody_ticked']);
    expect(codes(filled, { upload: { ...upload, reachable: 0 } })).toEqual(['nobody_reachable']);
  });
  it('is not a period of registration, which only a promotion has', () => {
    expect(codes({ ...filled, registeredMode: 'period' }, { upload })).toEqual([]);
    expect(codes({ ...ready, uploadId: null, selection: { mode: 'only', only: [] } })).toEqual([]);
  });
  it('makes an application with the upload and the ticks', () => {
    const chosen = chosenSlot(filled, slots);
    if (chosen === null) throw new Error('the slot is offered');
    const selection = { mode: 'all' as const, except: [2] };
    const application = applicationOf({ ...filled, selection }, chosen, {
      defaultCount: 4,
      confirmedUncancellable: true,
    });
    expect(application).toMatchObject({ type: 'compensation', uploadId: upload.id, selection });
    expect(application).not.toHaveProperty('registered');
  });
});

describe('a coupon of a fixed period', () => {
  it('is refused when it begins after the slot', () => {
    const validity = { kind: 'period' as const, from: '2026-11-26', until: '2026-12-31' };
    expect(codes(ready, { coupon: { ...coupon, validity }, slots })).toEqual(['coupon_not_valid_at_slot']);
  });
});

describe('the slot to begin with', () => {
  it('is the first that can still be cancelled', () => {
    expect(firstSlot(slots)).toEqual({ date: '2026-11-25', time: '15:30' });
  });
  it('is none when every week is full', () => {
    expect(firstSlot(full)).toBeNull();
  });
});

describe('the application', () => {
  it('carries the slot as the server offered it', () => {
    const chosen = chosenSlot(ready, slots);
    if (chosen === null) throw new Error('the slot is offered');
    expect(applicationOf(ready, chosen, { defaultCount: 4, confirmedUncancellable: false })).toEqual({
      type: 'promotion',
      couponId: 50694,
      items: { mode: 'rank', count: 4 },
      registered: null,
      slot: '2026-11-25T15:30:00+09:00',
      remindDays: null,
      banner: null,
      confirmedUncancellable: false,
    });
  });
  it('is previewed with the best items by rank until some are chosen', () => {
    expect(previewOf({ ...ready, itemsMode: 'chosen' }, 4)?.items).toEqual({ mode: 'rank', count: 4 });
  });
  it('finds the row of a field that the server names', () => {
    expect(rowOfField('couponId')).toBe('coupon');
    expect(rowOfField('banner.link.itemId')).toBe('banner');
    expect(rowOfField('uploadId')).toBe('upload');
    expect(rowOfField('selection.only')).toBe('recipients');
    expect(rowOfField('nonsense')).toBeNull();
  });
});

describe('a stored draft', () => {
  it('comes back as it was', () => {
    expect(restoreDraft(JSON.parse(JSON.stringify(ready)))).toEqual(ready);
  });
  it('is empty where what is stored makes no sense', () => {
    expect(restoreDraft('x')).toEqual(emptyApplication);
    expect(
      restoreDraft({ couponId: 'x', date: 5, chosen: [{ id: 'a' }], linkKind: 'moon', uploadId: 'x', type: 7 }),
    ).toEqual(emptyApplication);
  });
});
