import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { FormRow } from '../../../ui/form-row.tsx';
import { ListSkeleton } from '../../../ui/states.tsx';
import { useApply } from './apply-context.ts';

const RecipientsTable = lazy(() =>
  import('../../compensation/recipients-table.tsx').then((module) => ({ default: module.RecipientsTable })),
);

/** Who of the uploaded customers gets the coupon. */
export function RecipientsRow() {
  const { t } = useTranslation();
  const { shop, values, upload, change, errorOf } = useApply();
  const known = upload !== null && upload !== 'gone' && upload.customers > 0 ? upload : null;
  return (
    <FormRow field="recipients" label={t('apply.sendTo.label')} error={errorOf('recipients')}>
      {known === null ? (
        <p className="cp-note" style={{ paddingTop: 6 }}>
          {t('compensation.recipients.uploadFirst')}
        </p>
      ) : (
        <Suspense fallback={<ListSkeleton rows={6} />}>
          <RecipientsTable
            key={known.id}
            shopId={shop.id}
            upload={known}
            selection={values.selection}
            onSelect={(selection) => change({ selection })}
          />
          <p className="cp-note">{t('apply.filter.estimate')}</p>
        </Suspense>
      )}
    </FormRow>
  );
}
