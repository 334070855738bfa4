import type { CompensationUpload, RowOutcome } from '@coupon-push/contract/compensation.ts';
import { rowOutcomes } from '@coupon-push/contract/compensation-limits.ts';
import { Alert, Button, Tabs } from '@mantine/core';
import { IconAlertTriangle, IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../../lib/i18n.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { ErrorState, ListSkeleton } from '../../ui/states.tsx';
import { useFormat } from '../marketplace/use-format.ts';
import { uploadRowsQuery } from './api/get-upload-rows.ts';
import classes from './compensation.module.css';
import { Pages } from './pages.tsx';
import { ScrollList } from './scroll-list.tsx';

const unmatched = ['not_found', 'other_shop', 'unreadable'] as const;

/** What became of a file, row by row, with a file of the rows that named nobody. */
export function UploadOutcome({ shopId, upload }: { shopId: number; upload: CompensationUpload }) {
  const { t } = useTranslation();
  const format = useFormat();
  const language = useLanguage();
  const lost = unmatched.reduce((sum, outcome) => sum + upload.rows[outcome], 0);
  const all = rowOutcomes.reduce((sum, outcome) => sum + upload.rows[outcome], 0);
  const some = rowOutcomes.filter((outcome) => upload.rows[outcome] > 0);
  // What the seller may have to do something about comes first.
  const [first] = [...some.filter((outcome) => unmatched.some((one) => one === outcome)), ...some];
  return (
    <div className={classes.outcome}>
      {upload.fileName !== '' && <p className={classes.file}>{upload.fileName}</p>}
      {upload.customers === 0 ? (
        <Alert color="yellow" variant="light" role="status" icon={<IconAlertTriangle aria-hidden />}>
          {t('compensation.outcome.nobody')}
        </Alert>
      ) : (
        <p className={classes.found} role="status">
          {t('compensation.outcome.found', { rows: format.number(all), customers: format.number(upload.customers) })}
        </p>
      )}
      {lost > 0 && (
        <div className={classes.head}>
          <span>{t('compensation.outcome.lost', { rows: format.number(lost) })}</span>
          <Button
            component="a"
            href={`/api/shops/${shopId}/compensation-uploads/${upload.id}/unmatched.csv?language=${language}`}
            download
            variant="default"
            size="compact-sm"
            leftSection={<IconDownload size={14} />}
          >
            {t('compensation.outcome.download')}
          </Button>
        </div>
      )}
      <Tabs defaultValue={first ?? 'matched'} keepMounted={false}>
        <Tabs.List mb="xs">
          {rowOutcomes.map((outcome) => (
            <Tabs.Tab key={outcome} value={outcome} disabled={upload.rows[outcome] === 0}>
              {t(`compensation.outcome.${outcome}`)}{' '}
              <span className={classes.count}>{format.number(upload.rows[outcome])}</span>
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {some.map((outcome) => (
          <Tabs.Panel key={outcome} value={outcome} className={classes.rows ?? ''}>
            <p className="cp-note">{t(`compensation.outcome.says.${outcome}`)}</p>
            <Rows shopId={shopId} uploadId={upload.id} outcome={outcome} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </div>
  );
}

function Rows({ shopId, uploadId, outcome }: { shopId: number; uploadId: string; outcome: RowOutcome }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [page, setPage] = useState(1);
  const rows = useQuery(uploadRowsQuery(shopId, uploadId, { outcome, page }));
  if (rows.isPending) return <ListSkeleton rows={4} />;
  if (rows.isError) return <ErrorState error={rows.error} onRetry={() => void rows.refetch()} />;
  return (
    <>
      <ScrollList label={t(`compensation.outcome.${outcome}`)}>
        <DataTable
          caption={t(`compensation.outcome.${outcome}`)}
          columns={[
            {
              key: 'row',
              label: t('compensation.outcome.row'),
              figure: true,
              render: (row) => format.number(row.rowNo),
            },
            { key: 'text', label: t('compensation.outcome.text'), render: (row) => row.text },
          ]}
          rows={rows.data.entries}
          rowKey={(row) => row.rowNo}
          stale={rows.isPlaceholderData}
        />
      </ScrollList>
      <Pages page={page} total={rows.data.total} onPage={setPage} />
    </>
  );
}
