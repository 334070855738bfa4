import type { PushProgress } from '@coupon-push/contract/pushes.ts';
import { NativeSelect } from '@mantine/core';
import { IconUserCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { DataTable } from '../../../ui/data-table.tsx';
import { Pager } from '../../../ui/pager.tsx';
import { EmptyState, ErrorState, ListSkeleton } from '../../../ui/states.tsx';
import { CustomerSearch } from '../../customers/customer-search.tsx';
import { useFormat } from '../../marketplace/use-format.ts';
import { heldBackQuery } from '../api/get-held-back.ts';
import classes from './push-page.module.css';
import type { PushListProps } from './recipient-list.tsx';
import { reasonOf } from './search.ts';

/** Who matched and got nothing, masked, with the reason. */
export function HeldBackTab({
  shop,
  pushId,
  search,
  onSearch,
  counts,
}: PushListProps & { counts: PushProgress['heldBack'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { reason, q, after } = search;
  const heldBack = useQuery(heldBackQuery(shop.id, pushId, { reason, search: q, after }));
  if (counts.length === 0) {
    return (
      <EmptyState icon={<IconUserCheck />} title={t('heldBackList.noneTitle')} text={t('heldBackList.noneText')} />
    );
  }
  return (
    <section aria-label={t('heldBackList.title')}>
      <div className={classes.tools}>
        <NativeSelect
          aria-label={t('heldBackList.reason')}
          value={reason ?? ''}
          onChange={(event) => onSearch({ q, reason: reasonOf(event.currentTarget.value) })}
          data={[
            { value: '', label: `${t('heldBackList.reason')}: ${t('recipients.all')}` },
            ...counts.map((one) => ({
              value: one.reason,
              label: `${t(`heldBack.${one.reason}`)} (${format.number(one.customers)})`,
            })),
          ]}
        />
        <CustomerSearch key={q ?? ''} value={q} onSearch={(text) => onSearch({ reason, q: text })} />
      </div>
      {heldBack.isPending && <ListSkeleton />}
      {heldBack.isError && <ErrorState error={heldBack.error} onRetry={() => void heldBack.refetch()} />}
      {heldBack.data?.entries.length === 0 && (
        <EmptyState icon={<IconUserCheck />} title={t('issuedCoupons.noneTitle')} text={t('issuedCoupons.noneText')} />
      )}
      {heldBack.data !== undefined && heldBack.data.entries.length > 0 && (
        <>
          <DataTable
            caption={t('heldBackList.title')}
            columns={[
              { key: 'who', label: t('issuedCoupons.who'), render: ({ who }) => who },
              { key: 'reason', label: t('heldBackList.reason'), render: (one) => t(`heldBack.${one.reason}`) },
            ]}
            rows={heldBack.data.entries.map((one, index) => ({ ...one, key: index }))}
            rowKey={(one) => one.key}
            stale={heldBack.isPlaceholderData}
          />
          <Pager after={after} next={heldBack.data.next} onPage={(page) => onSearch({ reason, q, after: page })} />
        </>
      )}
    </section>
  );
}
