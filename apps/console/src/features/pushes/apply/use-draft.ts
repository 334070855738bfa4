import { useEffect, useState } from 'react';
import { type UseFormReturn, useForm } from 'react-hook-form';
import { readStored, removeStored, writeStored } from '../../../lib/storage.ts';
import { type ApplyValues, restoreDraft } from './values.ts';

function draftKey(shopId: number): string {
  return `coupon-push.apply.${shopId}`;
}

/** The form of an application; what is typed is kept in the browser, per shop, until the application is made. */
export function useDraft(shopId: number, couponId: number | undefined): UseFormReturn<ApplyValues> {
  const [initial] = useState(() => {
    const draft = restoreDraft(readStored(draftKey(shopId)));
    return couponId === undefined ? draft : { ...draft, couponId };
  });
  const form = useForm<ApplyValues>({ defaultValues: initial });
  const { subscribe } = form;
  useEffect(
    () => subscribe({ formState: { values: true }, callback: ({ values }) => writeStored(draftKey(shopId), values) }),
    [subscribe, shopId],
  );
  return form;
}

export function clearDraft(shopId: number): void {
  removeStored(draftKey(shopId));
}
