import type { Fellow } from '@coupon-push/contract/fellows.ts';
import { Title } from '@mantine/core';
import { IconCircleCheck, IconCircleOff, IconUserHeart } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { problemOf } from '../../lib/http.ts';
import { useProblemText } from '../../lib/use-problem-text.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Figures } from '../../ui/figures.tsx';
import { FilterForm, type Period, PeriodFields, periodProblem } from '../../ui/filter-form.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Pager } from '../../ui/pager.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { EmptyState, ErrorState, ListSkeleton } from '../../ui/states.tsx';
import { HeldBackList } from '../audiences/held-back-list.tsx';
import { marketplaceNow } from '../marketplace/clock.ts';
import { addDays, dayOf } from '../marketplace/days.ts';
import { useFormat } from '../marketplace/use-format.ts';
import { useShop } from '../session/use-shop.ts';
import { fellowSummaryQuery, fellowsQuery } from './api/get-fellows.ts';
import { FellowsChart } from './fellows-chart.tsx';
import type { FellowSearch } from './search.ts';

const from = '/signed-in/shops/$shopId/fellows';

/** How many fellows there are, how many came on which day, and who they are, masked. */
export function FellowsPage() {
  const { t } = useTranslation();
  const { shopId } = useParams({ from });
  const shop = useShop(shopId);
  const search = useSearch({ from });
  const navigate = useNavigate();
  const { zone } = useFormat();
  const today = dayOf(marketplaceNow(), zone);
  const period = { from: search.from ?? addDays(today, -29), until: search.until ?? today };
  const go = (next: FellowSearch) => void navigate({ to: '/shops/$shopId/fellows', params: { shopId }, search: next });
  return (
    <>
      <PageHead title={t('fellows.title')} lead={t('fellows.lead')} />
      <Summary shopId={shop.id} period={period} />
      <Filter key={`${period.from} ${period.until}`} period={period} onSearch={go} />
      <Title order={2} mb={8}>
        {t('fellows.byDay')}
      </Title>
      <ByDay shopId={shop.id} period={period} />
      <Title order={2} mt="lg" mb={8}>
        {t('fellows.list')}
      </Title>
      <FellowList
        shopId={shop.id}
        filter={{ ...period, after: search.after }}
        onPage={(after) => go({ ...search, after })}
      />
    </>
  );
}

function Summary({ shopId, period }: { shopId: number; period: Period }) {
  const { t } = useTranslation();
  const format = useFormat();
  const summary = useQuery(fellowSummaryQuery(shopId, period));
  if (summary.data === undefined) return summary.isPending ? <ListSkeleton rows={2} /> : null;
  const { total, reachable, heldBack } = summary.data;
  return (
    <Figures
      figures={[
        { label: t('fellows.total'), value: format.number(total) },
        { label: t('fellows.reachable'), value: format.number(reachable) },
        {
          label: t('fellows.heldBack'),
          value: (
            <>
              {format.number(total - reachable)}
              <HeldBackList heldBack={heldBack} />
            </>
          ),
        },
      ]}
    />
  );
}

function Filter({ period: first, onSearch }: { period: Period; onSearch: (period: Period) => void }) {
  const { t } = useTranslation();
  const [period, setPeriod] = useState(first);
  const [checked, setChecked] = useState(false);
  const problem = periodProblem(period);
  return (
    <FilterForm
      label={t('fellows.filter')}
      onSearch={() => {
        setChecked(true);
        if (problem === null) onSearch(period);
      }}
    >
      <PeriodFields
        legend={t('apply.filter.registered')}
        {...period}
        onChange={setPeriod}
        error={checked && problem !== null ? t(problem) : null}
      />
    </FilterForm>
  );
}

function ByDay({ shopId, period }: { shopId: number; period: Period }) {
  const { t } = useTranslation();
  const { ofField } = useProblemText();
  const format = useFormat();
  const summary = useQuery(fellowSummaryQuery(shopId, period));
  if (summary.isPending) return <ListSkeleton rows={4} />;
  if (summary.isError) {
    const [field] = problemOf(summary.error).fields;
    if (field !== undefined) return <p role="alert">{ofField(field)}</p>;
    return <ErrorState error={summary.error} onRetry={() => void summary.refetch()} />;
  }
  const { days } = summary.data;
  const sum = days.reduce((all, { fellows }) => all + fellows, 0);
  return (
    <>
      <p className="cp-note">{t('fellows.sum', { number: format.number(sum) })}</p>
      <FellowsChart days={days} />
    </>
  );
}

interface FellowListProps {
  shopId: number;
  filter: Period & { after: string | undefined };
  onPage: (after: string | undefined) => void;
}

function FellowList({ shopId, filter, onPage }: FellowListProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const fellows = useQuery(fellowsQuery(shopId, filter));
  if (fellows.isPending) return <ListSkeleton />;
  if (fellows.isError) return <ErrorState error={fellows.error} onRetry={() => void fellows.refetch()} />;
  const { entries, next } = fellows.data;
  if (entries.length === 0) {
    return <EmptyState icon={<IconUserHeart />} title={t('fellows.noneTitle')} text={t('fellows.noneText')} />;
  }
  const columns: Column<Fellow & { row: number }>[] = [
    {
      key: 'registered',
      label: t('apply.filter.registered'),
      render: (one) => format.day(dayOf(new Date(one.registeredAt), format.zone)),
    },
    { key: 'customer', label: t('orders.customer'), render: (one) => one.customer },
    {
      key: 'state',
      label: t('coupon.stateLabel'),
      render: ({ heldBack }) =>
        heldBack === null ? (
          <StateMark tone="good" icon={IconCircleCheck} text={t('fellows.canBeReached')} />
        ) : (
          <StateMark tone="quiet" icon={IconCircleOff} text={t(`heldBack.${heldBack}`)} />
        ),
    },
  ];
  return (
    <>
      <DataTable
        caption={t('fellows.list')}
        columns={columns}
        rows={entries.map((entry, row) => ({ ...entry, row }))}
        rowKey={({ row }) => row}
        stale={fellows.isPlaceholderData}
      />
      <Pager after={filter.after} next={next} onPage={onPage} />
    </>
  );
}
