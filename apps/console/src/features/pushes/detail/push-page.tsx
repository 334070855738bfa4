import type { Push } from '@coupon-push/contract/pushes.ts';
import { Alert, Anchor, Button, Tabs } from '@mantine/core';
import { IconAlertTriangle, IconArrowLeft, IconCircleX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PageHead } from '../../../ui/page-head.tsx';
import { ProblemBanner } from '../../../ui/problem-banner.tsx';
import { ErrorState, ListSkeleton } from '../../../ui/states.tsx';
import { useMarketplaceNow } from '../../marketplace/clock.ts';
import { useFormat } from '../../marketplace/use-format.ts';
import { useShop } from '../../session/use-shop.ts';
import { pushQuery } from '../api/get-push.ts';
import { useWatchProgress } from '../api/watch-progress.ts';
import { CancelDialog } from '../history/cancel-dialog.tsx';
import { StateBadge } from '../state-badge.tsx';
import { isFinal } from '../states.ts';
import { HeldBackTab } from './held-back-tab.tsx';
import { PushContent } from './push-content.tsx';
import classes from './push-page.module.css';
import { PushProgressView } from './push-progress.tsx';
import { RecipientList } from './recipient-list.tsx';
import { type PushSearch, pushTabs } from './search.ts';
import { Timeline } from './timeline.tsx';

const ResultsView = lazy(() =>
  import('../../results/results-view.tsx').then((module) => ({ default: module.ResultsView })),
);

const from = '/signed-in/shops/$shopId/pushes/$pushId';

/** One push: where it stands, live while it is sending, what it carries, what happened when, and whom it reached. */
export function PushPage() {
  const { t } = useTranslation();
  const { shopId, pushId } = useParams({ from });
  const search = useSearch({ from });
  const navigate = useNavigate();
  const shop = useShop(shopId);
  const push = useQuery(pushQuery(shop.id, Number(pushId)));
  const title = t('push.title', { id: pushId });
  useWatchProgress(shop.id, Number(pushId), push.data !== undefined && !isFinal(push.data.state));
  const overview = (
    <Anchor component={Link} to={`/shops/${shopId}/history?tab=promotion`} className={classes.back ?? ''}>
      <IconArrowLeft size={14} aria-hidden /> {t('apply.history')}
    </Anchor>
  );
  return (
    <>
      <PageHead
        title={title}
        before={overview}
        actions={push.data !== undefined && <CancelButton shop={shop} push={push.data} />}
      />
      {push.isPending && <ListSkeleton rows={6} />}
      {push.isError && <ErrorState error={push.error} onRetry={() => void push.refetch()} />}
      {push.data !== undefined && (
        <>
          <Standing push={push.data} />
          <PushTabs
            shop={shop}
            push={push.data}
            search={search}
            onSearch={(next) =>
              void navigate({ to: '/shops/$shopId/pushes/$pushId', params: { shopId, pushId }, search: next })
            }
          />
        </>
      )}
    </>
  );
}

interface PushTabsProps {
  shop: { id: number; name: string };
  push: Push;
  search: PushSearch;
  onSearch: (search: PushSearch) => void;
}

function PushTabs({ shop, push, search, onSearch }: PushTabsProps) {
  const { t } = useTranslation();
  const chosen = pushTabs.find((tab) => tab === search.tab) ?? 'overview';
  const list = {
    shop,
    pushId: push.id,
    search,
    onSearch: (next: PushSearch) => onSearch({ ...next, tab: search.tab }),
  };
  const { progress } = push;
  const labels = {
    overview: t('push.overview'),
    recipients: t('recipients.title'),
    'held-back': t('heldBackList.title'),
    results: t('results.title'),
  };
  return (
    <Tabs
      value={chosen}
      keepMounted={false}
      onChange={(value) => {
        const tab = pushTabs.find((one) => one === value);
        onSearch({ tab: tab === 'overview' ? undefined : tab });
      }}
    >
      <Tabs.List mb="md" aria-label={t('push.views')}>
        {pushTabs.map((tab) => (
          <Tabs.Tab key={tab} value={tab}>
            {labels[tab]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="overview">
        <div className={classes.columns}>
          <div className={classes.main}>
            <PushProgressView shop={shop} push={push} />
            <Timeline entries={push.timeline} />
          </div>
          <PushContent shop={shop} push={push} />
        </div>
      </Tabs.Panel>
      <Tabs.Panel value="recipients">
        <RecipientList {...list} push={push} />
      </Tabs.Panel>
      <Tabs.Panel value="held-back">
        <HeldBackTab {...list} counts={progress.heldBack} />
      </Tabs.Panel>
      <Tabs.Panel value="results">
        <Suspense fallback={<ListSkeleton rows={6} />}>
          <ResultsView shop={shop} filter={{ pushId: push.id }} list={search} onList={list.onSearch} />
        </Suspense>
      </Tabs.Panel>
    </Tabs>
  );
}

function Standing({ push }: { push: Push }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div className={classes.standing}>
      <p className={classes.state} role="status">
        <StateBadge state={push.state} />
        <span>{t(`push.says.${push.state}`, { slot: format.moment(push.slot) })}</span>
      </p>
      {push.notSentReason !== null && (
        <Alert color="red" variant="light" icon={<IconCircleX aria-hidden />}>
          {t(`notSent.${push.notSentReason}`)}
        </Alert>
      )}
      {push.progress.pausedReason !== null && (
        <Alert color="yellow" variant="light" icon={<IconAlertTriangle aria-hidden />}>
          {t('push.paused')}
        </Alert>
      )}
      {push.state === 'waiting' &&
        push.warnings.map((warning) => (
          <Alert key={warning} color="yellow" variant="light" icon={<IconAlertTriangle aria-hidden />}>
            {t(`push.warning.${warning}`)}
          </Alert>
        ))}
    </div>
  );
}

function CancelButton({ shop, push }: { shop: { id: number }; push: Push }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useMarketplaceNow(5000);
  const [asking, setAsking] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  if (push.state !== 'waiting') return null;
  const late = !push.cancellable || now.getTime() > Date.parse(push.cancelUntil);
  return (
    <div className={classes.cancel}>
      <span className="cp-note">
        {t(late ? 'history.tooLate' : 'summary.cancelUntil', { moment: format.moment(push.cancelUntil) })}
      </span>
      <Button variant="default" disabled={late} onClick={() => setAsking(true)}>
        {t('history.cancel')}
      </Button>
      {failure !== null && <ProblemBanner error={failure} />}
      {asking && (
        <CancelDialog
          shop={shop}
          pushes={[push]}
          onClose={() => setAsking(false)}
          onDone={([outcome]) => {
            setAsking(false);
            setFailure(outcome?.error ?? null);
          }}
        />
      )}
    </div>
  );
}
