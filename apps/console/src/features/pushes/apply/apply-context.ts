import type { CompensationUpload } from '@coupon-push/contract/compensation.ts';
import type { Coupon } from '@coupon-push/contract/coupons.ts';
import type { MarketplaceResponse } from '@coupon-push/contract/session.ts';
import type { Slots } from '@coupon-push/contract/slots.ts';
import { createContext, useContext } from 'react';
import type { Row } from './rules.ts';
import type { ApplyValues } from './values.ts';

/** What every row of the form reads and writes. */
export interface Apply {
  shop: { id: number; name: string };
  marketplace: MarketplaceResponse;
  values: ApplyValues;
  change: (change: Partial<ApplyValues>) => void;
  /** The chosen coupon, once it is known. */
  coupon: Coupon | null;
  slots: Slots | undefined;
  /** The order numbers of a compensation; null while they are not known, 'gone' when the server has forgotten them. */
  upload: CompensationUpload | 'gone' | null;
  /** The sentence that stands at a row: what is missing there, or what the server refused. */
  errorOf: (row: Row) => string | undefined;
}

export const ApplyContext = createContext<Apply | null>(null);

export function useApply(): Apply {
  const apply = useContext(ApplyContext);
  if (apply === null) throw new Error('useApply needs the application page around it');
  return apply;
}
