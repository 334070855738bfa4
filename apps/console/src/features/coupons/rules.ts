import type { CouponCreate, Discount, Validity } from '@coupon-push/contract/coupons.ts';
import type { FieldError } from '@coupon-push/contract/problem.ts';

/** What is typed into the form; amounts in whole units of the currency, empty text where nothing is typed. */
export interface CouponForm {
  name: string;
  discountKind: Discount['kind'];
  amount: number | '';
  percent: number | '';
  limited: boolean;
  maxAmount: number | '';
  minPurchase: number | '';
  validityKind: Validity['kind'];
  from: string;
  until: string;
  days: number | '';
  qstoreOnly: boolean;
  /** Empty: no limit, no budget. */
  useLimit: number | '';
  budget: number | '';
}

export const emptyCouponForm: CouponForm = {
  name: '',
  discountKind: 'amount',
  amount: '',
  percent: '',
  limited: false,
  maxAmount: '',
  minPurchase: '',
  validityKind: 'days',
  from: '',
  until: '',
  days: 30,
  qstoreOnly: false,
  useLimit: '',
  budget: '',
};

const maxDays = 3650;
const maxUseLimit = 1_000_000_000;

/** The coupon as typed, in the contract's shape; gaps become 0 or empty text. */
export function couponOf(form: CouponForm, minorUnits: number): CouponCreate {
  const minor = (amount: number | '') => Math.round((amount === '' ? 0 : amount) * minorUnits);
  return {
    name: form.name.trim(),
    discount:
      form.discountKind === 'amount'
        ? { kind: 'amount', amountMinor: minor(form.amount) }
        : {
            kind: 'percent',
            percent: form.percent === '' ? 0 : form.percent,
            maxAmountMinor: form.limited ? minor(form.maxAmount) : null,
          },
    minPurchaseMinor: minor(form.minPurchase),
    validity:
      form.validityKind === 'period'
        ? { kind: 'period', from: form.from, until: form.until }
        : { kind: 'days', days: form.days === '' ? 0 : form.days },
    qstoreOnly: form.qstoreOnly,
    useLimit: form.useLimit === '' ? null : form.useLimit,
    budgetMinor: form.budget === '' ? null : minor(form.budget),
  };
}

function missing(field: string): FieldError {
  return { field, code: 'required', params: {} };
}

function atLeastOne(field: string, value: number | ''): FieldError[] {
  if (value === '') return [missing(field)];
  return value > 0 ? [] : [{ field, code: 'too_small', params: { minimum: 1 } }];
}

function atMost(field: string, value: number | '', maximum: number): FieldError[] {
  return value !== '' && value > maximum ? [{ field, code: 'too_big', params: { maximum } }] : [];
}

/** What is wrong, in the order of the form and by the contract's paths, as the server would say it (spec 3.1). */
export function couponErrors(form: CouponForm, today: string): FieldError[] {
  const errors: FieldError[] = [];
  const name = form.name.trim();
  if (name === '') errors.push(missing('name'));
  if (name.length > 60) errors.push({ field: 'name', code: 'too_big', params: { maximum: 60 } });
  if (form.discountKind === 'amount') {
    errors.push(...atLeastOne('discount.amountMinor', form.amount));
    const condition = form.minPurchase === '' ? 0 : form.minPurchase;
    if (form.amount !== '' && condition > 0 && form.amount > condition) {
      errors.push({ field: 'minPurchaseMinor', code: 'condition_below_discount', params: {} });
    }
  } else {
    errors.push(...atLeastOne('discount.percent', form.percent), ...atMost('discount.percent', form.percent, 100));
    if (form.limited) errors.push(...atLeastOne('discount.maxAmountMinor', form.maxAmount));
  }
  if (form.validityKind === 'days') {
    errors.push(...atLeastOne('validity.days', form.days), ...atMost('validity.days', form.days, maxDays));
  } else {
    if (form.from === '') errors.push(missing('validity.from'));
    if (form.until === '') errors.push(missing('validity.until'));
    else if (form.from !== '' && form.until < form.from) {
      errors.push({ field: 'validity.until', code: 'until_before_from', params: {} });
    } else if (form.until < today) errors.push({ field: 'validity.until', code: 'in_the_past', params: {} });
  }
  if (form.useLimit !== '') {
    errors.push(...atLeastOne('useLimit', form.useLimit), ...atMost('useLimit', form.useLimit, maxUseLimit));
  }
  if (form.budget !== '') errors.push(...atLeastOne('budgetMinor', form.budget));
  return errors;
}
