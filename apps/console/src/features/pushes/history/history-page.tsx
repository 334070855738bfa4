import { Button, Tabs } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { PageHead } from '../../../ui/page-head.tsx';
import { marketplaceNow } from '../../marketplace/clock.ts';
import { addDays, dayOf } from '../../marketplace/days.ts';
import { useFormat } from '../../marketplace/use-format.ts';
import { useShop } from '../../session/use-shop.ts';
import { CancelTab } from './cancel-tab.tsx';
import { HistoryFilter } from './history-filter.tsx';
import { PromotionTab } from './promotion-tab.tsx';
import type { HistorySearch } from './search.ts';

const from = '/signed-in/shops/$shopId/history';

/** The shop's applications: those that can be cancelled, and what became of the others. Filter and page are the URL. */
export function HistoryPage() {
  const { t } = useTranslation();
  const { shopId } = useParams({ from });
  const shop = useShop(shopId);
  const search = useSearch({ from });
  const navigate = useNavigate();
  const { zone } = useFormat();
  const today = dayOf(marketplaceNow(), zone);
  const period = { from: search.from ?? addDays(today, -7), until: search.until ?? today };
  const go = (next: HistorySearch) => void navigate({ to: '/shops/$shopId/history', params: { shopId }, search: next });
  const filter = { ...period, couponId: search.coupon, after: search.after };
  const onPage = (after: string | undefined) => go({ ...search, after });

  const apply = (
    <Button component={Link} to={`/shops/${shopId}/push`} leftSection={<IconSend size={16} />}>
      {t('apply.title')}
    </Button>
  );

  return (
    <>
      <PageHead title={t('apply.history')} actions={apply} />
      <Tabs
        value={search.tab ?? 'cancel'}
        keepMounted={false}
        onChange={(tab) => go({ ...search, after: undefined, tab: tab === 'promotion' ? 'promotion' : undefined })}
      >
        <Tabs.List mb="sm">
          <Tabs.Tab value="cancel">{t('history.cancelTab')}</Tabs.Tab>
          <Tabs.Tab value="promotion">{t('history.promotionTab')}</Tabs.Tab>
        </Tabs.List>
        <HistoryFilter
          key={`${period.from} ${period.until} ${search.coupon ?? ''}`}
          from={period.from}
          until={period.until}
          coupon={search.coupon}
          onSearch={(chosen) => go({ tab: search.tab, ...chosen })}
        />
        <Tabs.Panel value="cancel">
          <CancelTab shop={shop} filter={filter} onPage={onPage} />
        </Tabs.Panel>
        <Tabs.Panel value="promotion">
          <PromotionTab shop={shop} filter={filter} onPage={onPage} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
