import type { IssuedCoupon } from '@coupon-push/contract/results.ts';
import { SegmentedControl } from '@mantine/core';
import { IconUserOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Pager } from '../../ui/pager.tsx';
import { EmptyState, ErrorState, ListSkeleton } from '../../ui/states.tsx';
import { CustomerSearch } from '../customers/customer-search.tsx';
import { ExportMenu } from '../exports/export-menu.tsx';
import { MomentText } from '../marketplace/moment-text.tsx';
import { useFormat } from '../marketplace/use-format.ts';
import { issuedCouponsQuery } from './api/get-issued-coupons.ts';
import type { ResultsFilter } from './api/get-results.ts';
import classes from './results.module.css';

export interface IssuedListSearch {
  use?: 'used' | 'unused' | undefined;
  q?: string | undefined;
  after?: string | undefined;
}

interface IssuedCouponListProps {
  shop: { id: number };
  filter: ResultsFilter;
  list: IssuedListSearch;
  onList: (list: IssuedListSearch) => void;
}

/** Every customer who was issued a coupon, masked, and what became of it. */
export function IssuedCouponList({ shop, filter, list, onList }: IssuedCouponListProps) {
  const { t } = useTranslation();
  const columns = useColumns(filter.pushId === undefined);
  const narrowed = { ...filter, use: list.use, search: list.q };
  const coupons = useQuery(issuedCouponsQuery(shop.id, { ...narrowed, after: list.after }));
  return (
    <section>
      <div className={classes.listHead}>
        <h2 className={classes.heading}>{t('issuedCoupons.title')}</h2>
        <ExportMenu shopId={shop.id} list="issued-coupons" filter={narrowed} label={t('issuedCoupons.title')} />
      </div>
      <div className={classes.tools}>
        <SegmentedControl
          size="xs"
          aria-label={t('issuedCoupons.use')}
          value={list.use ?? 'all'}
          onChange={(value) => onList({ q: list.q, use: value === 'used' || value === 'unused' ? value : undefined })}
          data={[
            { value: 'all', label: t('issuedCoupons.allUses') },
            { value: 'used', label: t('issuedCoupons.usedOnly') },
            { value: 'unused', label: t('issuedCoupons.unusedOnly') },
          ]}
        />
        <CustomerSearch key={list.q ?? ''} value={list.q} onSearch={(q) => onList({ use: list.use, q })} />
      </div>
      {coupons.isPending && <ListSkeleton />}
      {coupons.isError && <ErrorState error={coupons.error} onRetry={() => void coupons.refetch()} />}
      {coupons.data?.entries.length === 0 && (
        <EmptyState icon={<IconUserOff />} title={t('issuedCoupons.noneTitle')} text={t('issuedCoupons.noneText')} />
      )}
      {coupons.data !== undefined && coupons.data.entries.length > 0 && (
        <>
          <DataTable
            caption={t('issuedCoupons.title')}
            columns={columns}
            rows={coupons.data.entries.map((coupon, index) => ({ ...coupon, key: index }))}
            rowKey={(coupon) => coupon.key}
            stale={coupons.isPlaceholderData}
          />
          <Pager after={list.after} next={coupons.data.next} onPage={(after) => onList({ ...list, after })} />
        </>
      )}
    </section>
  );
}

function useColumns(ofManyPushes: boolean): Column<IssuedCoupon>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const money = (value: number | null) => (value === null ? null : format.money(value));
  const pushes: Column<IssuedCoupon>[] = [
    { key: 'push', label: t('push.number'), figure: true, render: (coupon) => coupon.pushId },
    { key: 'coupon', label: t('coupon.number'), figure: true, render: (coupon) => coupon.couponId },
  ];
  return [
    { key: 'who', label: t('issuedCoupons.who'), render: (coupon) => coupon.who },
    ...(ofManyPushes ? pushes : []),
    { key: 'issuedAt', label: t('issuedCoupons.issuedAt'), render: (coupon) => <MomentText at={coupon.issuedAt} /> },
    {
      key: 'usedAt',
      label: t('issuedCoupons.usedAt'),
      render: ({ usedAt, state }) => (usedAt === null ? t(`issuedCoupons.state.${state}`) : <MomentText at={usedAt} />),
    },
    { key: 'order', label: t('issuedCoupons.orderNo'), render: (coupon) => coupon.orderNo },
    {
      key: 'discount',
      label: t('results.discount'),
      figure: true,
      render: (coupon) => money(coupon.discountMinor),
    },
    { key: 'sales', label: t('results.sales'), figure: true, render: (coupon) => money(coupon.salesMinor) },
  ];
}
