import type { Slots } from '@coupon-push/contract/slots.ts';
import { useEffect, useState } from 'react';
import type { UseFormReturn } from 'react-hook-form';
import { chosenSlot, firstSlot } from './rules.ts';
import type { ApplyValues } from './values.ts';

/**
 * Keeps the chosen slot among the offered ones: begins with the first good one, and moves there again when the chosen
 * one is no longer offered. True when a seller's own choice was moved.
 */
export function useOfferedSlot(form: UseFormReturn<ApplyValues>, slots: Slots | undefined): boolean {
  const [moved, setMoved] = useState(false);
  useEffect(() => {
    if (slots === undefined) return;
    const { date, time } = form.getValues();
    if (chosenSlot({ date, time }, slots) !== null) return;
    const first = firstSlot(slots);
    form.setValue('date', first?.date ?? '');
    form.setValue('time', first?.time ?? '');
    setMoved(date !== '' && first !== null);
  }, [form, slots]);
  return moved;
}
