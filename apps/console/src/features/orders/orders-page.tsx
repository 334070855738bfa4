import type { Order } from '@coupon-push/contract/orders.ts';
import type { OrderState } from '@coupon-push/contract/shop-limits.ts';
import { Button, Checkbox } from '@mantine/core';
import {
  type Icon,
  IconBan,
  IconCircleCheck,
  IconDownload,
  IconReceipt,
  IconReceiptOff,
  IconTruckDelivery,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Pager } from '../../ui/pager.tsx';
import { StateMark, type Tone } from '../../ui/state-mark.tsx';
import { EmptyState, ErrorState, ListSkeleton } from '../../ui/states.tsx';
import { marketplaceNow } from '../marketplace/clock.ts';
import { addDays, dayOf } from '../marketplace/days.ts';
import { useFormat } from '../marketplace/use-format.ts';
import { useShop } from '../session/use-shop.ts';
import { type OrderFilter, orderFileUrl, ordersQuery } from './api/get-orders.ts';
import { CompensateBar } from './compensate-bar.tsx';
import { OrderFilterForm } from './order-filter.tsx';
import { filterOf } from './rules.ts';
import type { OrderSearch } from './search.ts';

const from = '/signed-in/shops/$shopId/orders';

/** The shop's orders: look them up, take them along as a file, compensate their customers. */
export function OrdersPage() {
  const { t } = useTranslation();
  const { shopId } = useParams({ from });
  const shop = useShop(shopId);
  const search = useSearch({ from });
  const navigate = useNavigate();
  const { zone } = useFormat();
  const today = dayOf(marketplaceNow(), zone);
  const period = { from: search.from ?? addDays(today, -29), until: search.until ?? today };
  const filter = filterOf(search, period);
  const go = (next: OrderSearch) => void navigate({ to: '/shops/$shopId/orders', params: { shopId }, search: next });
  const file = (
    <Button
      component="a"
      variant="default"
      href={orderFileUrl(shop.id, filter)}
      download
      leftSection={<IconDownload size={16} />}
    >
      {t('orders.export')}
    </Button>
  );
  return (
    <>
      <PageHead title={t('orders.title')} lead={t('orders.lead')} actions={file} />
      <OrderFilterForm key={JSON.stringify(filter)} period={period} search={search} onSearch={go} />
      <p className="cp-note" style={{ marginBottom: 12 }}>
        {t('orders.customer')}: {t('customerSearch.hint')}
      </p>
      <OrderList
        key={`list ${JSON.stringify(filter)}`}
        shopId={shop.id}
        filter={filter}
        after={search.after}
        onPage={(after) => go({ ...search, after })}
      />
    </>
  );
}

interface OrderListProps {
  shopId: number;
  filter: OrderFilter;
  after: string | undefined;
  onPage: (after: string | undefined) => void;
}

/** Its ticks hold over all pages of one search. */
function OrderList({ shopId, filter, after, onPage }: OrderListProps) {
  const { t } = useTranslation();
  const orders = useQuery(ordersQuery(shopId, { ...filter, after }));
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const tick = (orderNos: string[], on: boolean) =>
    setTicked((before) => {
      const next = new Set(before);
      for (const orderNo of orderNos) on ? next.add(orderNo) : next.delete(orderNo);
      return next;
    });
  const columns = useColumns(ticked, tick);
  if (orders.isPending) return <ListSkeleton />;
  if (orders.isError) return <ErrorState error={orders.error} onRetry={() => void orders.refetch()} />;
  if (orders.data.entries.length === 0) {
    return <EmptyState icon={<IconReceiptOff />} title={t('orders.noneTitle')} text={t('orders.noneText')} />;
  }
  return (
    <>
      <TickPage orderNos={orders.data.entries.map(({ orderNo }) => orderNo)} ticked={ticked} onTick={tick} />
      <DataTable
        caption={t('orders.title')}
        columns={columns}
        rows={orders.data.entries}
        rowKey={({ orderNo }) => orderNo}
        stale={orders.isPlaceholderData}
      />
      <Pager after={after} next={orders.data.next} onPage={onPage} />
      <CompensateBar
        shopId={shopId}
        filter={filter}
        ticked={ticked}
        onTick={(orderNos) => setTicked(new Set(orderNos))}
      />
    </>
  );
}

interface TickPageProps {
  orderNos: string[];
  ticked: ReadonlySet<string>;
  onTick: (orderNos: string[], on: boolean) => void;
}

function TickPage({ orderNos, ticked, onTick }: TickPageProps) {
  const { t } = useTranslation();
  const some = orderNos.filter((orderNo) => ticked.has(orderNo)).length;
  return (
    <Checkbox
      mb={8}
      label={t('orders.tickPage')}
      checked={some > 0 && some === orderNos.length}
      indeterminate={some > 0 && some < orderNos.length}
      onChange={(event) => onTick(orderNos, event.currentTarget.checked)}
    />
  );
}

const looks: Record<OrderState, { tone: Tone; icon: Icon }> = {
  paid: { tone: 'info', icon: IconReceipt },
  shipped: { tone: 'info', icon: IconTruckDelivery },
  delivered: { tone: 'good', icon: IconCircleCheck },
  cancelled: { tone: 'quiet', icon: IconBan },
};

function useColumns(ticked: ReadonlySet<string>, onTick: (orderNos: string[], on: boolean) => void): Column<Order>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return [
    {
      key: 'choose',
      label: t('history.choose'),
      render: ({ orderNo }) => (
        <Checkbox
          aria-label={t('orders.tickOne', { orderNo })}
          checked={ticked.has(orderNo)}
          onChange={(event) => onTick([orderNo], event.currentTarget.checked)}
        />
      ),
    },
    { key: 'orderNo', label: t('orders.orderNo'), render: ({ orderNo }) => orderNo },
    { key: 'orderedAt', label: t('orders.orderedAt'), render: ({ orderedAt }) => format.timestamp(orderedAt) },
    { key: 'customer', label: t('orders.customer'), render: ({ customer }) => customer },
    { key: 'total', label: t('orders.total'), figure: true, render: ({ totalMinor }) => format.money(totalMinor) },
    {
      key: 'state',
      label: t('orders.stateLabel'),
      render: ({ state }) => <StateMark {...looks[state]} text={t(`orders.state.${state}`)} />,
    },
  ];
}
