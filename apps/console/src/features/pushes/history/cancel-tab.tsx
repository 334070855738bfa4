import type { PushSummary } from '@coupon-push/contract/pushes.ts';
import { Alert, Anchor, Button, Checkbox } from '@mantine/core';
import { IconCalendarOff, IconCircleCheck } from '@tabler/icons-react';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Column, DataTable } from '../../../ui/data-table.tsx';
import { Pager } from '../../../ui/pager.tsx';
import { ProblemBanner } from '../../../ui/problem-banner.tsx';
import { EmptyState, ErrorState, ListSkeleton } from '../../../ui/states.tsx';
import { marketplaceQuery } from '../../marketplace/api/get-marketplace.ts';
import { useMarketplaceNow } from '../../marketplace/clock.ts';
import { MomentText } from '../../marketplace/moment-text.tsx';
import { useFormat } from '../../marketplace/use-format.ts';
import { type PushFilter, pushesQuery } from '../api/get-pushes.ts';
import { StateBadge } from '../state-badge.tsx';
import { CancelDialog, type CancelOutcome } from './cancel-dialog.tsx';
import classes from './history.module.css';

export interface TabProps {
  shop: { id: number; name: string };
  filter: PushFilter;
  onPage: (after: string | undefined) => void;
}

/** Waiting pushes: tick and cancel, as long as their deadline has not passed (spec 3.4). */
export function CancelTab({ shop, filter, onPage }: TabProps) {
  const { t } = useTranslation();
  const { data: marketplace } = useSuspenseQuery(marketplaceQuery);
  const now = useMarketplaceNow(5000);
  const pushes = useQuery(pushesQuery(shop.id, { ...filter, state: 'waiting' }));
  const [ticked, setTicked] = useState<number[]>([]);
  const [asking, setAsking] = useState(false);
  const [outcomes, setOutcomes] = useState<CancelOutcome[]>([]);
  const entries = pushes.data?.entries ?? [];
  const tooLate = (push: PushSummary) => !push.cancellable || now.getTime() > Date.parse(push.cancelUntil);
  const chosen = entries.filter((push) => ticked.includes(push.id) && !tooLate(push));
  const tick = (push: PushSummary, on: boolean) =>
    setTicked((before) => (on ? [...before, push.id] : before.filter((id) => id !== push.id)));
  const columns = useColumns({ shopId: shop.id, ticked, tooLate, onTick: tick });

  return (
    <>
      <Outcomes outcomes={outcomes} />
      {pushes.isPending && <ListSkeleton rows={3} />}
      {pushes.isError && <ErrorState error={pushes.error} onRetry={() => void pushes.refetch()} />}
      {pushes.isSuccess && entries.length === 0 && (
        <EmptyState icon={<IconCalendarOff />} title={t('history.noneWaiting')} text={t('history.noneWaitingText')} />
      )}
      {entries.length > 0 && (
        <>
          <p className={classes.lead}>{t('history.cancelNote', { hours: marketplace.cancelHours })}</p>
          <DataTable
            caption={t('history.cancelTab')}
            columns={columns}
            rows={entries}
            rowKey={(push) => push.id}
            stale={pushes.isPlaceholderData}
          />
          <div className={classes.cancelBar}>
            <span className="cp-note" aria-live="polite">
              {chosen.length === 0 ? t('history.tickFirst') : t('history.ticked', { count: chosen.length })}
            </span>
            <Button disabled={chosen.length === 0} onClick={() => setAsking(true)}>
              {t('history.cancel')}
            </Button>
          </div>
          <Pager after={filter.after} next={pushes.data?.next ?? null} onPage={onPage} />
        </>
      )}
      {asking && (
        <CancelDialog
          shop={shop}
          pushes={chosen}
          onClose={() => setAsking(false)}
          onDone={(done) => {
            setAsking(false);
            setTicked([]);
            setOutcomes(done);
          }}
        />
      )}
    </>
  );
}

interface ColumnOptions {
  shopId: number;
  ticked: number[];
  tooLate: (push: PushSummary) => boolean;
  onTick: (push: PushSummary, on: boolean) => void;
}

function useColumns({ shopId, ticked, tooLate, onTick }: ColumnOptions): Column<PushSummary>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return [
    {
      key: 'choose',
      label: t('history.choose'),
      render: (push) => (
        <Checkbox
          aria-label={t('history.chooseOne', { id: push.id })}
          aria-describedby={tooLate(push) ? `late-${push.id}` : undefined}
          disabled={tooLate(push)}
          checked={ticked.includes(push.id) && !tooLate(push)}
          onChange={(event) => onTick(push, event.currentTarget.checked)}
        />
      ),
    },
    {
      key: 'id',
      label: t('push.number'),
      figure: true,
      render: (push) => (
        <Anchor component={Link} to={`/shops/${shopId}/pushes/${push.id}`}>
          {push.id}
        </Anchor>
      ),
    },
    { key: 'coupon', label: t('coupon.number'), figure: true, render: (push) => push.couponId },
    { key: 'applied', label: t('push.appliedAt'), render: (push) => <MomentText at={push.appliedAt} /> },
    {
      key: 'slot',
      label: t('push.expected'),
      render: (push) => (
        <>
          <MomentText at={push.slot} />
          <div className={classes.note} id={`late-${push.id}`}>
            {tooLate(push)
              ? t('history.tooLate', { moment: format.moment(push.cancelUntil) })
              : t('summary.cancelUntil', { moment: format.moment(push.cancelUntil) })}
          </div>
        </>
      ),
    },
    { key: 'state', label: t('push.state'), render: (push) => <StateBadge state={push.state} /> },
  ];
}

/** What became of each push that was to be cancelled. */
function Outcomes({ outcomes }: { outcomes: CancelOutcome[] }) {
  const { t } = useTranslation();
  const cancelled = outcomes.filter((outcome) => outcome.error === null).map((outcome) => outcome.id);
  const failed = outcomes.filter((outcome) => outcome.error !== null);
  if (outcomes.length === 0) return null;
  return (
    <div className={classes.outcomes}>
      {cancelled.length > 0 && (
        <Alert color="green" variant="light" role="status" icon={<IconCircleCheck aria-hidden />}>
          {t('history.cancelled', { ids: cancelled.join(', ') })}
        </Alert>
      )}
      {failed.map((outcome) => (
        <ProblemBanner key={outcome.id} error={outcome.error}>
          {` (${t('push.number')} ${outcome.id})`}
        </ProblemBanner>
      ))}
    </div>
  );
}
