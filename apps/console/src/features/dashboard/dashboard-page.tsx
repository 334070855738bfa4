import type { Dashboard } from '@coupon-push/contract/dashboard.ts';
import { Anchor, Button, Title } from '@mantine/core';
import {
  IconCalendarCheck,
  IconCalendarOff,
  IconChartBar,
  IconClock,
  IconSend,
  IconUserHeart,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { PageHead } from '../../ui/page-head.tsx';
import { ErrorState, ListSkeleton } from '../../ui/states.tsx';
import { useTermsText } from '../coupons/use-terms-text.ts';
import { FellowsChart } from '../fellows/fellows-chart.tsx';
import { useFormat } from '../marketplace/use-format.ts';
import { useShop } from '../session/use-shop.ts';
import { dashboardQuery } from './api/get-dashboard.ts';
import classes from './dashboard.module.css';
import { LastPushes } from './last-pushes.tsx';
import { Notices } from './notices.tsx';

/** Where a seller begins: is this week free, what goes out next, what became of the last pushes, how many fellows. */
export function DashboardPage() {
  const { t } = useTranslation();
  const { shopId } = useParams({ from: '/signed-in/shops/$shopId/' });
  const shop = useShop(shopId);
  const dashboard = useQuery(dashboardQuery(shop.id));
  const apply = (
    <Button component={Link} to={`/shops/${shopId}/push`} leftSection={<IconSend size={16} />}>
      {t('apply.title')}
    </Button>
  );
  return (
    <>
      <PageHead title={t('dashboard.title')} actions={apply} />
      {dashboard.isPending && <ListSkeleton rows={6} />}
      {dashboard.isError && dashboard.data === undefined && (
        <ErrorState error={dashboard.error} onRetry={() => void dashboard.refetch()} />
      )}
      {dashboard.data !== undefined && (
        <>
          <Notices shopId={shopId} notices={dashboard.data.notices} />
          <div className={classes.grid}>
            <QuotaCard shopId={shopId} dashboard={dashboard.data} />
            <NextPushCard shopId={shopId} push={dashboard.data.nextPush} />
            <LastPushesCard shopId={shopId} pushes={dashboard.data.lastPushes} />
            <FellowsCard shopId={shopId} fellows={dashboard.data.fellows} />
          </div>
        </>
      )}
    </>
  );
}

interface CardProps {
  id: string;
  title: string;
  icon: ReactNode;
  wide?: boolean;
  children: ReactNode;
}

function Card({ id, title, icon, wide = false, children }: CardProps) {
  return (
    <section className={`${classes.card} ${wide ? classes.wide : ''}`} aria-labelledby={id}>
      <Title order={2} id={id}>
        {icon}
        {title}
      </Title>
      {children}
    </section>
  );
}

function QuotaCard({ shopId, dashboard }: { shopId: string; dashboard: Dashboard }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { quota, nextFree, nextFreeFrom } = dashboard;
  const taken = quota.used >= quota.allowed;
  return (
    <Card
      id="dashboard-quota"
      title={t('apply.bar.quota')}
      icon={taken ? <IconCalendarOff size={18} aria-hidden /> : <IconCalendarCheck size={18} aria-hidden />}
    >
      <div className={classes.big}>{t(taken ? 'dashboard.weekTaken' : 'dashboard.weekFree')}</div>
      <div className="cp-note">
        {`${format.day(quota.weekFrom)} ~ ${format.day(quota.weekUntil)}`} ({quota.used}/{quota.allowed})
      </div>
      {quota.pushes.map((push) => (
        <Anchor key={push.id} component={Link} to={`/shops/${shopId}/pushes/${push.id}`}>
          {t('apply.quota.by', { id: push.id, slot: format.moment(push.slot) })}
        </Anchor>
      ))}
      {nextFree !== null && <div>{t('apply.quota.nextFree', { slot: format.moment(nextFree) })}</div>}
      {nextFree === null && nextFreeFrom !== null && (
        <div>{t('apply.quota.nextFreeFrom', { day: format.day(nextFreeFrom) })}</div>
      )}
    </Card>
  );
}

function NextPushCard({ shopId, push }: { shopId: string; push: Dashboard['nextPush'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const text = useTermsText();
  return (
    <Card id="dashboard-next" title={t('dashboard.next')} icon={<IconClock size={18} aria-hidden />}>
      {push === null ? (
        <>
          <div className={classes.big}>{t('dashboard.noneNext')}</div>
          <div className="cp-note">{t('dashboard.noneNextText')}</div>
        </>
      ) : (
        <>
          <div className={classes.big}>{format.moment(push.slot)}</div>
          <div>
            {t(`apply.type.${push.type}`)} · {text.discount(push.terms)} · {text.condition(push.terms)}
          </div>
          <div className="cp-note">
            {push.cancellable
              ? t('summary.cancelUntil', { moment: format.moment(push.cancelUntil) })
              : t('history.tooLate', { moment: format.moment(push.cancelUntil) })}
          </div>
          <div className={classes.foot}>
            <Anchor component={Link} to={`/shops/${shopId}/pushes/${push.id}`}>
              {t('push.title', { id: push.id })}
            </Anchor>
          </div>
        </>
      )}
    </Card>
  );
}

function LastPushesCard({ shopId, pushes }: { shopId: string; pushes: Dashboard['lastPushes'] }) {
  const { t } = useTranslation();
  return (
    <Card id="dashboard-last" title={t('dashboard.last')} icon={<IconChartBar size={18} aria-hidden />} wide>
      <LastPushes shopId={shopId} pushes={pushes} />
      <div className={classes.foot}>
        <Anchor component={Link} to={`/shops/${shopId}/history?tab=promotion`}>
          {t('apply.history')}
        </Anchor>
      </div>
    </Card>
  );
}

function FellowsCard({ shopId, fellows }: { shopId: string; fellows: Dashboard['fellows'] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const sum = fellows.days.reduce((all, day) => all + day.fellows, 0);
  return (
    <Card id="dashboard-fellows" title={t('fellows.title')} icon={<IconUserHeart size={18} aria-hidden />} wide>
      <div className={classes.numbers}>
        <div className={classes.big}>
          {t('apply.filter.fellows', { count: fellows.total, number: format.number(fellows.total) })}
        </div>
        <div className="cp-note" style={{ alignSelf: 'end' }}>
          {t('apply.filter.reachable', { number: format.number(fellows.reachable) })}{' '}
          {t('dashboard.newFellows', { number: format.number(sum), days: fellows.days.length })}
        </div>
      </div>
      <FellowsChart days={fellows.days} height={160} />
      <div className={classes.foot}>
        <Anchor component={Link} to={`/shops/${shopId}/fellows`}>
          {t('dashboard.allFellows')}
        </Anchor>
      </div>
    </Card>
  );
}
