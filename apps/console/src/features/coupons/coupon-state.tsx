import type { Coupon } from '@coupon-push/contract/coupons.ts';
import { IconBan, IconCircleCheck, IconClockX, IconLock, IconTicketOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { StateMark } from '../../ui/state-mark.tsx';

/** Whether a coupon can be sent. */
export function CouponState({ coupon }: { coupon: Pick<Coupon, 'state' | 'notSendable'> }) {
  const { t } = useTranslation();
  if (coupon.state === 'stopped') return <StateMark tone="quiet" icon={IconBan} text={t('coupon.state.stopped')} />;
  if (coupon.notSendable === 'expired') {
    return <StateMark tone="quiet" icon={IconClockX} text={t('coupon.state.expired')} />;
  }
  if (coupon.notSendable === 'used_up') {
    return <StateMark tone="quiet" icon={IconTicketOff} text={t('coupon.state.usedUp')} />;
  }
  if (coupon.notSendable === 'qstore_only') {
    return <StateMark tone="warn" icon={IconLock} text={t('coupon.state.qstoreOnly')} />;
  }
  return <StateMark tone="good" icon={IconCircleCheck} text={t('coupon.state.active')} />;
}
