import { Button, Group, Skeleton } from '@mantine/core';
import { IconFileDownload, IconListDetails, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormRow } from '../../../ui/form-row.tsx';
import { ErrorState } from '../../../ui/states.tsx';
import { uploadQuery } from '../../compensation/api/get-upload.ts';
import { everybody } from '../../compensation/rules.ts';
import { useFormat } from '../../marketplace/use-format.ts';
import classes from './apply.module.css';
import { useApply } from './apply-context.ts';

const UploadDialog = lazy(() =>
  import('../../compensation/upload-dialog.tsx').then((module) => ({ default: module.UploadDialog })),
);

/** The order numbers that a compensation is for: upload, template, and what became of the file. */
export function UploadRow() {
  const { t } = useTranslation();
  const { shop, upload, change, errorOf } = useApply();
  const [dialog, setDialog] = useState<'new' | 'outcome' | null>(null);
  return (
    <FormRow field="upload" label={t('compensation.upload.label')} error={errorOf('upload')}>
      <Group gap="xs">
        <Button variant="default" leftSection={<IconPlus size={16} />} onClick={() => setDialog('new')}>
          {t('compensation.upload.label')}
        </Button>
        <Button
          component="a"
          href="/api/compensation-template.xlsx"
          download
          variant="default"
          leftSection={<IconFileDownload size={16} />}
        >
          {t('compensation.upload.template')}
        </Button>
      </Group>
      <p className="cp-note">{t('compensation.upload.note')}</p>
      <Uploaded onShow={() => setDialog('outcome')} />
      {dialog !== null && (
        <Suspense fallback={null}>
          <UploadDialog
            shopId={shop.id}
            upload={dialog === 'outcome' && upload !== 'gone' ? upload : null}
            onUploaded={({ id }) => change({ uploadId: id, selection: everybody })}
            onClose={() => setDialog(null)}
          />
        </Suspense>
      )}
    </FormRow>
  );
}

function Uploaded({ onShow }: { onShow: () => void }) {
  const { t } = useTranslation();
  const { shop, values, upload } = useApply();
  const format = useFormat();
  const asked = useQuery({ ...uploadQuery(shop.id, values.uploadId ?? ''), enabled: values.uploadId !== null });
  if (values.uploadId === null || upload === 'gone') return null;
  if (asked.isError) return <ErrorState error={asked.error} onRetry={() => void asked.refetch()} />;
  if (upload === null) return <Skeleton height={44} />;
  const rows = Object.values(upload.rows).reduce((sum, count) => sum + count, 0);
  const lost = upload.rows.not_found + upload.rows.other_shop + upload.rows.unreadable;
  return (
    <div className={classes.count}>
      <p className={classes.fellows}>
        {upload.source === 'file' ? upload.fileName : t('compensation.upload.fromOrders')}
      </p>
      <p className={classes.reachable}>
        {t('compensation.outcome.found', { rows: format.number(rows), customers: format.number(upload.customers) })}
        {lost > 0 && <> {t('compensation.outcome.lost', { rows: format.number(lost) })}</>}
      </p>
      <Button mt={4} variant="default" size="compact-sm" leftSection={<IconListDetails size={14} />} onClick={onShow}>
        {t('compensation.upload.show')}
      </Button>
    </div>
  );
}
