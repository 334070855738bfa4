import { Button, Tabs } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { PageHead } from '../../../ui/page-head.tsx';
import { ListSkeleton } from '../../../ui/states.tsx';
import { marketplaceNow } from '../../marketplace/clock.ts';
import { addDays, dayOf } from '../../marketplace/days.ts';
import { useFormat } from '../../marketplace/use-format.ts';
import { useShop } from '../../session/use-shop.ts';
import { CancelTab } from './cancel-tab.tsx';
import { HistoryFilter } from './history-filter.tsx';
import { IssueTab } from './issue-tab.tsx';
import { defaultDays, type HistorySearch, historyTabs, longestPreset } from './search.ts';

const ResultsView = lazy(() =>
  import('../../results/results-view.tsx').then((module) => ({ default: module.ResultsView })),
);

const from = '/signed-in/shops/$shopId/history';

/** The shop's applications: those that can be cancelled, what became of the others, and of their coupons. */
export function HistoryPage() {
  const { t } = useTranslation();
  const { shopId } = useParams({ from });
  const shop = useShop(shopId);
  const search = useSearch({ from });
  const navigate = useNavigate();
  const { zone } = useFormat();
  const tab = search.tab ?? 'cancel';
  const today = dayOf(marketplaceNow(), zone);
  const period = { from: search.from ?? addDays(today, -defaultDays(tab)), until: search.until ?? today };
  const go = (next: HistorySearch) => void navigate({ to: '/shops/$shopId/history', params: { shopId }, search: next });
  const filter = { ...period, couponId: search.coupon };
  const onPage = (after: string | undefined) => go({ ...search, after });
  const earliest = addDays(today, -longestPreset);
  const lookBack = period.from > earliest && (
    <Button
      variant="default"
      onClick={() => go({ ...search, from: earliest, until: today, after: undefined, coupon: undefined })}
    >
      {t('history.lookBack', { days: longestPreset })}
    </Button>
  );
  const listed = { shop, filter: { ...filter, after: search.after }, onPage };

  const apply = (
    <Button component={Link} to={`/shops/${shopId}/push`} leftSection={<IconSend size={16} />}>
      {t('apply.title')}
    </Button>
  );

  return (
    <>
      <PageHead title={t('apply.history')} actions={apply} />
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(value) => {
          const chosen = historyTabs.find((one) => one === value);
          go({ ...days(search), coupon: search.coupon, tab: chosen === 'cancel' ? undefined : chosen });
        }}
      >
        <Tabs.List mb="sm">
          {historyTabs.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {t(`history.${one}Tab`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <HistoryFilter
          key={`${period.from} ${period.until} ${search.coupon ?? ''}`}
          from={period.from}
          until={period.until}
          coupon={search.coupon}
          today={today}
          onSearch={(chosen) => go({ tab: search.tab, ...chosen })}
        />
        <Tabs.Panel value="cancel">
          <CancelTab {...listed} />
        </Tabs.Panel>
        <Tabs.Panel value="promotion">
          <IssueTab {...listed} type="promotion" lookBack={lookBack} />
        </Tabs.Panel>
        <Tabs.Panel value="compensation">
          <IssueTab {...listed} type="compensation" lookBack={lookBack} />
        </Tabs.Panel>
        <Tabs.Panel value="use">
          <Suspense fallback={<ListSkeleton rows={6} />}>
            <ResultsView
              shop={shop}
              filter={filter}
              list={search}
              onList={(list) => go({ ...days(search), tab: search.tab, coupon: search.coupon, ...list })}
              action={lookBack}
            />
          </Suspense>
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function days({ from: first, until }: HistorySearch): Pick<HistorySearch, 'from' | 'until'> {
  return { from: first, until };
}
