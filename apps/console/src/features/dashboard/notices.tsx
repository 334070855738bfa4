import type { DashboardNotice } from '@coupon-push/contract/dashboard.ts';
import { Alert, Anchor } from '@mantine/core';
import { IconAlertTriangle, IconCircleX, IconTicket } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../marketplace/use-format.ts';
import classes from './dashboard.module.css';

/** What needs attention, before everything else. */
export function Notices({ shopId, notices }: { shopId: string; notices: DashboardNotice[] }) {
  if (notices.length === 0) return null;
  return (
    <div className={classes.notices}>
      {notices.map((notice) => (
        <Notice key={JSON.stringify(notice)} shopId={shopId} notice={notice} />
      ))}
    </div>
  );
}

function Notice({ shopId, notice }: { shopId: string; notice: DashboardNotice }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (notice.kind === 'no_coupon') {
    return (
      <Alert color="blue" variant="light" icon={<IconTicket aria-hidden />}>
        {t('dashboard.noCoupon')}{' '}
        <Anchor component={Link} to={`/shops/${shopId}/coupons`} fz="inherit">
          {t('nav.coupons')}
        </Anchor>
      </Alert>
    );
  }
  const link = (
    <Anchor component={Link} to={`/shops/${shopId}/pushes/${notice.pushId}`} fz="inherit">
      {t('push.title', { id: notice.pushId })}
    </Anchor>
  );
  if (notice.kind === 'push_paused') {
    return (
      <Alert color="yellow" variant="light" icon={<IconAlertTriangle aria-hidden />}>
        {t('push.paused')} {link}
      </Alert>
    );
  }
  return (
    <Alert color="red" variant="light" icon={<IconCircleX aria-hidden />}>
      {t('dashboard.notSent', { slot: format.moment(notice.slot) })} {link}
    </Alert>
  );
}
