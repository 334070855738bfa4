import type { FeatureDetail, FeatureWrite } from '@coupon-push/contract/features.ts';
import type { Item } from '@coupon-push/contract/items.ts';
import type { FieldError } from '@coupon-push/contract/problem.ts';

/** A feature while it is being edited; a day that is not set is empty. */
export interface FeatureValues {
  title: string;
  startsOn: string;
  endsOn: string;
  items: Item[];
}

export function valuesOf(feature: FeatureDetail | undefined): FeatureValues {
  return {
    title: feature?.title ?? '',
    startsOn: feature?.startsOn ?? '',
    endsOn: feature?.endsOn ?? '',
    items: feature?.chosenItems ?? [],
  };
}

export function featureOf(values: FeatureValues): FeatureWrite {
  return {
    title: values.title.trim(),
    startsOn: values.startsOn || null,
    endsOn: values.endsOn || null,
    itemIds: values.items.map(({ id }) => id),
  };
}

/** What has to be mended before it can be saved, in the order of the form. */
export function featureErrors({ title, startsOn, endsOn, items }: FeatureValues): FieldError[] {
  const errors: FieldError[] = [];
  const wrong = (field: string, code: string) => errors.push({ field, code, params: {} });
  if (title.trim() === '') wrong('title', 'required');
  if (startsOn !== '' && endsOn !== '' && endsOn < startsOn) wrong('endsOn', 'until_before_from');
  if (items.length === 0) wrong('itemIds', 'items_required');
  return errors;
}

/** Does this differ from what was loaded? Then leaving the page would lose something. */
export function isChanged(values: FeatureValues, before: FeatureValues): boolean {
  return JSON.stringify(featureOf(values)) !== JSON.stringify(featureOf(before));
}
