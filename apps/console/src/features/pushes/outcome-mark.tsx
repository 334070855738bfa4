import type { ChannelOutcome } from '@coupon-push/contract/results.ts';
import {
  type Icon,
  IconAlertTriangle,
  IconCircleCheck,
  IconClock,
  IconMailOff,
  IconMinus,
  IconUnlink,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { StateMark, type Tone } from '../../ui/state-mark.tsx';

const looks: Record<ChannelOutcome, { tone: Tone; icon: Icon }> = {
  sent: { tone: 'good', icon: IconCircleCheck },
  owed: { tone: 'info', icon: IconClock },
  failed: { tone: 'warn', icon: IconAlertTriangle },
  gone: { tone: 'warn', icon: IconUnlink },
  bounced: { tone: 'warn', icon: IconMailOff },
  none: { tone: 'quiet', icon: IconMinus },
};

/** What became of one recipient's message on a channel. */
export function OutcomeMark({ outcome }: { outcome: ChannelOutcome }) {
  const { t } = useTranslation();
  return <StateMark {...looks[outcome]} text={t(`outcome.${outcome}`)} />;
}
