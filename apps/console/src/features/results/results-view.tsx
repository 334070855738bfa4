import type { Results } from '@coupon-push/contract/results.ts';
import { Anchor } from '@mantine/core';
import { IconChartBar } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { EmptyState, ErrorState, ListSkeleton } from '../../ui/states.tsx';
import { useTermsText } from '../coupons/use-terms-text.ts';
import { MomentText } from '../marketplace/moment-text.tsx';
import { useFormat } from '../marketplace/use-format.ts';
import { type ResultsFilter, resultsQuery } from './api/get-results.ts';
import { IssuedCouponList, type IssuedListSearch } from './issued-coupon-list.tsx';
import classes from './results.module.css';
import { ResultsCharts } from './results-charts.tsx';
import { rateOf } from './rules.ts';

interface ResultsViewProps {
  shop: { id: number };
  filter: ResultsFilter;
  /** What the list of customers shows. */
  list: IssuedListSearch;
  onList: (list: IssuedListSearch) => void;
  /** A way out when nothing was issued. */
  action?: ReactNode;
}

/** What became of the coupons of the chosen pushes: in all, by day, by push and by customer. */
export function ResultsView({ shop, filter, list, onList, action }: ResultsViewProps) {
  const { t } = useTranslation();
  const results = useQuery(resultsQuery(shop.id, filter));
  if (results.isPending) return <ListSkeleton rows={6} />;
  if (results.isError) return <ErrorState error={results.error} onRetry={() => void results.refetch()} />;
  const ofPush = filter.pushId !== undefined;
  if (results.data.days.length === 0) {
    return (
      <EmptyState
        icon={<IconChartBar />}
        title={t(ofPush ? 'results.noneOfPushTitle' : 'results.noneTitle')}
        text={t(ofPush ? 'results.noneOfPushText' : 'results.noneText')}
        action={action}
      />
    );
  }
  return (
    <div className={classes.results} aria-busy={results.isPlaceholderData}>
      <Totals figures={results.data.totals} />
      <ResultsCharts days={results.data.days} />
      {!ofPush && <ByPush shopId={shop.id} results={results.data} />}
      <IssuedCouponList shop={shop} filter={filter} list={list} onList={onList} />
    </div>
  );
}

function Totals({ figures }: { figures: Results['totals'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const rate = rateOf(figures);
  const shown = [
    [t('results.issued'), format.number(figures.issued)],
    [t('results.used'), format.number(figures.used)],
    [t('results.expired'), format.number(figures.expired)],
    [t('results.useRate'), rate === null ? '–' : format.percent(rate)],
    [t('results.discount'), format.money(figures.discountMinor)],
    [t('results.sales'), format.money(figures.salesMinor)],
  ] as const;
  return (
    <section aria-label={t('results.totals')}>
      <dl className={classes.totals}>
        {shown.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="cp-note">{t('results.salesNote')}</p>
    </section>
  );
}

type PushFigures = Results['pushes'][number];

function ByPush({ shopId, results }: { shopId: number; results: Results }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section>
      <h2 className={classes.heading}>{t('results.byPush')}</h2>
      <DataTable
        caption={t('results.byPush')}
        columns={useColumns(shopId)}
        rows={results.pushes}
        rowKey={(push) => push.pushId}
      />
      {results.more && <p className="cp-note">{t('results.more', { count: format.number(results.pushes.length) })}</p>}
    </section>
  );
}

function useColumns(shopId: number): Column<PushFigures>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const text = useTermsText();
  return [
    {
      key: 'push',
      label: t('push.number'),
      figure: true,
      render: (push) => (
        <Anchor
          renderRoot={(props) => (
            <Link
              {...props}
              to="/shops/$shopId/pushes/$pushId"
              params={{ shopId: String(shopId), pushId: String(push.pushId) }}
              search={{ tab: 'results' }}
            />
          )}
        >
          {push.pushId}
        </Anchor>
      ),
    },
    {
      key: 'coupon',
      label: t('coupon.number'),
      render: (push) => (
        <>
          {push.couponId}
          <div className="cp-note">
            {text.guide(push.terms)} · {t(`apply.type.${push.type}`)}
          </div>
        </>
      ),
    },
    { key: 'issuedAt', label: t('issuedCoupons.issuedAt'), render: (push) => <MomentText at={push.issuedAt} /> },
    { key: 'issued', label: t('results.issued'), figure: true, render: (push) => format.number(push.issued) },
    { key: 'used', label: t('results.used'), figure: true, render: (push) => format.number(push.used) },
    {
      key: 'expired',
      label: t('results.expired'),
      figure: true,
      render: (push) => format.number(push.expired),
    },
    {
      key: 'rate',
      label: t('results.useRate'),
      figure: true,
      render: (push) => {
        const rate = rateOf(push);
        return rate === null ? '–' : format.percent(rate);
      },
    },
    {
      key: 'discount',
      label: t('results.discount'),
      figure: true,
      render: (push) => format.money(push.discountMinor),
    },
    { key: 'sales', label: t('results.sales'), figure: true, render: (push) => format.money(push.salesMinor) },
  ];
}
