import type { Push } from '@coupon-push/contract/pushes.ts';
import { Alert, Anchor, Button } from '@mantine/core';
import { IconAlertTriangle, IconArrowLeft, IconCircleX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
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
import { PushContent } from './push-content.tsx';
import classes from './push-page.module.css';
import { PushProgressView } from './push-progress.tsx';
import { Timeline } from './timeline.tsx';

/** One push: where it stands, live while it is sending, what it carries, and what happened when. */
export function PushPage() {
  const { t } = useTranslation();
  const { shopId, pushId } = useParams({ from: '/signed-in/shops/$shopId/pushes/$pushId' });
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
          <div className={classes.columns}>
            <div className={classes.main}>
              <PushProgressView progress={push.data.progress} />
              <Timeline entries={push.data.timeline} />
            </div>
            <PushContent shop={shop} push={push.data} />
          </div>
        </>
      )}
    </>
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
