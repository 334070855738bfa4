import type { FeatureDetail } from '@coupon-push/contract/features.ts';
import type { FieldError } from '@coupon-push/contract/problem.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { problemOf } from '../../lib/http.ts';
import { useProblemText } from '../../lib/use-problem-text.ts';
import { focusField } from '../../ui/form-row.tsx';
import { writeShopFeature } from './api/write-shop-feature.ts';
import { type FeatureValues, featureErrors, featureOf, isChanged, valuesOf } from './rules.ts';

/** What is typed of a feature, what is wrong with it, and saving it. */
export function useFeatureForm(shopId: number, feature: FeatureDetail | undefined) {
  const { t } = useTranslation();
  const { ofField } = useProblemText();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [saved, setSaved] = useState(() => valuesOf(feature));
  const [values, setValues] = useState(saved);
  const [attempted, setAttempted] = useState(false);
  const [refused, setRefused] = useState<FieldError[]>([]);
  const errors = [...(attempted ? featureErrors(values) : []), ...refused];

  const save = useMutation({
    mutationFn: () => writeShopFeature(shopId, feature?.id, featureOf(values)),
    onSuccess: async (written) => {
      setSaved(values);
      client.setQueryData(['shops', shopId, 'features', written.id], written);
      await client.invalidateQueries({ queryKey: ['shops', shopId, 'features'], exact: true });
      if (feature === undefined) {
        await navigate({ to: '/shops/$shopId/features', params: { shopId: String(shopId) }, ignoreBlocker: true });
      }
    },
    onError: (error) => {
      const { fields } = problemOf(error);
      setRefused(fields);
      jump(fields[0]);
    },
  });

  return {
    values,
    change: (some: Partial<FeatureValues>) => {
      setRefused([]);
      save.reset();
      setValues((before) => ({ ...before, ...some }));
    },
    changed: isChanged(values, saved),
    save,
    submit: () => {
      setAttempted(true);
      setRefused([]);
      const [first] = featureErrors(values);
      if (first === undefined) save.mutate();
      else jump(first);
    },
    /** The sentence that stands at a field. */
    errorOf: (field: string) => {
      const found = errors.find((error) => error.field === field);
      if (found === undefined) return undefined;
      return found.code === 'items_required' ? t('features.itemsNeeded') : ofField(found);
    },
  };
}

/** After the messages are on the page, so that the focus lands on what is marked. */
function jump(error: FieldError | undefined): void {
  if (error !== undefined) setTimeout(() => focusField(error.field), 50);
}
