import type { PushState } from '@coupon-push/contract/pushes.ts';
import {
  type Icon,
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconLoader2,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { StateMark, type Tone } from '../../ui/state-mark.tsx';

const looks: Record<PushState, { tone: Tone; icon: Icon }> = {
  waiting: { tone: 'info', icon: IconClock },
  sending: { tone: 'info', icon: IconLoader2 },
  sent: { tone: 'good', icon: IconCircleCheck },
  partly_sent: { tone: 'warn', icon: IconAlertTriangle },
  cancelled: { tone: 'quiet', icon: IconBan },
  not_sent: { tone: 'bad', icon: IconCircleX },
};

/** A push's state, with one look everywhere. */
export function StateBadge({ state }: { state: PushState }) {
  const { t } = useTranslation();
  return <StateMark {...looks[state]} text={t(`state.${state}`)} turning={state === 'sending'} />;
}
