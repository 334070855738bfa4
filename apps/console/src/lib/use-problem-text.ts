import type { FieldError } from '@coupon-push/contract/problem.ts';
import { useTranslation } from 'react-i18next';
import { problemOf } from './http.ts';

/** The sentences of refusals in the reader's language: `error.<code>`, `field.<code>`. */
export function useProblemText(): { ofError: (error: unknown) => string; ofField: (field: FieldError) => string } {
  const { t, i18n } = useTranslation('errors');
  return {
    ofError: (error) => {
      const { code, params } = problemOf(error);
      const key = `error.${code}` as const;
      return i18n.exists(key, { ns: 'errors' }) ? t(key, params) : t('error.internal');
    },
    // A rule of the product names the field with the code of its refusal: `quota_taken`.
    ofField: ({ code, params }) => {
      const field = `field.${code}`;
      if (i18n.exists(field, { ns: 'errors' })) return t(field as 'field.required', params);
      const refusal = `error.${code}`;
      return i18n.exists(refusal, { ns: 'errors' }) ? t(refusal as 'error.internal', params) : t('field.invalid_value');
    },
  };
}
