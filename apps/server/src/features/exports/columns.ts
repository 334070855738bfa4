import type { PushSummary } from '@coupon-push/contract/pushes.ts';
import type { Delivered, IssuedCoupon, Recipient } from '@coupon-push/contract/results.ts';
import { minorUnitsPer, zoneName } from '@coupon-push/i18n/format.ts';
import type { Language } from '@coupon-push/i18n/languages.ts';
import { type ConsoleKey, consoleText } from '@coupon-push/i18n/translator.ts';
import type { TableColumn } from '../../lib/table-file.ts';
import { conditionText, discountText } from '../../messages/wording.ts';

/** In whose words, and in which money and zone, a file is written. */
export interface Wording {
  language: Language;
  currency: string;
  zone: string;
}

function helpers({ language, currency, zone }: Wording) {
  const units = minorUnitsPer(currency);
  const decimals = Math.round(Math.log10(units));
  // Looked up once each: of a million rows, five words a row were half of the time.
  const words = new Map<ConsoleKey, string>();
  const word = (key: ConsoleKey): string => {
    const known = words.get(key);
    if (known !== undefined) return known;
    const found = consoleText(language, key);
    words.set(key, found);
    return found;
  };
  return {
    word,
    text: <Row>(key: ConsoleKey, value: (row: Row) => string | null): TableColumn<Row> => ({
      heading: word(key),
      kind: 'text',
      value,
    }),
    id: <Row>(key: ConsoleKey, value: (row: Row) => number): TableColumn<Row> => ({
      heading: word(key),
      kind: 'id',
      value,
    }),
    count: <Row>(key: ConsoleKey, value: (row: Row) => number | null): TableColumn<Row> => ({
      heading: word(key),
      kind: 'number',
      value,
    }),
    /** A number with the currency in the heading, so that it can be added up. */
    money: <Row>(key: ConsoleKey, minor: (row: Row) => number | null): TableColumn<Row> => ({
      heading: `${word(key)} (${currency})`,
      kind: 'number',
      decimals,
      value: (row) => {
        const value = minor(row);
        return value === null ? null : value / units;
      },
    }),
    moment: <Row>(key: ConsoleKey, value: (row: Row) => string | null): TableColumn<Row> => ({
      heading: `${word(key)} (${zoneName(zone)})`,
      kind: 'moment',
      value: (row) => {
        const instant = value(row);
        return instant === null ? null : new Date(instant);
      },
    }),
  };
}

export function pushColumns(wording: Wording): TableColumn<PushSummary>[] {
  const { word, text, id, count, moment } = helpers(wording);
  const { language, currency } = wording;
  return [
    id('push.number', (push) => push.id),
    text('apply.type.label', (push) => word(`apply.type.${push.type}`)),
    id('coupon.number', (push) => push.couponId),
    text('coupon.name', (push) => push.terms.name),
    text('coupon.discount', (push) => discountText(push.terms, currency, language)),
    text('coupon.condition', (push) => conditionText(push.terms, currency, language)),
    moment('push.appliedAt', (push) => push.appliedAt),
    moment('push.expected', (push) => push.slot),
    text('push.state', (push) => word(`state.${push.state}`)),
    text('push.notSentReason', ({ notSentReason }) => notSentReason && word(`notSent.${notSentReason}`)),
    moment('push.cancelledAt', (push) => push.cancelledAt),
    count('push.recipients', (push) => push.recipients),
    count('push.emailsSent', (push) => push.emailsSent),
  ];
}

export function issuedCouponColumns(wording: Wording): TableColumn<IssuedCoupon>[] {
  const { word, text, id, money, moment } = helpers(wording);
  return [
    id('push.number', (coupon) => coupon.pushId),
    id('coupon.number', (coupon) => coupon.couponId),
    text('issuedCoupons.who', (coupon) => coupon.who),
    moment('issuedCoupons.issuedAt', (coupon) => coupon.issuedAt),
    moment('issuedCoupons.validUntil', (coupon) => coupon.validUntil),
    text('issuedCoupons.use', ({ state }) => word(`issuedCoupons.state.${state}`)),
    moment('issuedCoupons.usedAt', (coupon) => coupon.usedAt),
    text('issuedCoupons.orderNo', (coupon) => coupon.orderNo),
    money('results.discount', (coupon) => coupon.discountMinor),
    money('results.sales', (coupon) => coupon.salesMinor),
  ];
}

export function recipientColumns(wording: Wording): TableColumn<Recipient>[] {
  const { word, text, count, moment } = helpers(wording);
  const channel = (name: 'email' | 'app_push', of: (recipient: Recipient) => Delivered) => {
    const named = (column: TableColumn<Recipient>): TableColumn<Recipient> => ({
      ...column,
      heading: `${word(`progress.channel.${name}`)}: ${column.heading}`,
    });
    return [
      named(text('recipients.filter', (one) => word(`outcome.${of(one).state}`))),
      named(moment('recipients.at', (one) => of(one).at)),
      named(count('recipients.tries', (one) => of(one).attempts)),
      named(text('failure.label', (one) => failureText(of(one), word))),
    ];
  };
  return [
    text('issuedCoupons.who', (one) => one.who),
    ...channel('email', (one) => one.email),
    ...channel('app_push', (one) => one.appPush),
    text('recipients.coupon', ({ usedAt }) => word(`issuedCoupons.${usedAt === null ? 'unusedOnly' : 'usedOnly'}`)),
    moment('issuedCoupons.usedAt', (one) => one.usedAt),
  ];
}

function failureText({ failure }: Delivered, word: (key: ConsoleKey) => string): string | null {
  return failure === null ? null : word(`failure.${failure}`);
}
