import type { ShopFeature } from '@coupon-push/contract/features.ts';
import { IconCircleCheck, IconClock, IconHistory } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { StateMark } from '../../ui/state-mark.tsx';
import { useFormat } from '../marketplace/use-format.ts';

const looks = {
  current: { tone: 'good', icon: IconCircleCheck },
  upcoming: { tone: 'info', icon: IconClock },
  ended: { tone: 'quiet', icon: IconHistory },
} as const;

export function FeatureState({ state }: { state: ShopFeature['state'] }) {
  const { t } = useTranslation();
  return <StateMark {...looks[state]} text={t(`features.state.${state}`)} />;
}

/** `2026/11/01（日） ~ 2026/11/30（月）`, open ends left open. */
export function usePeriodText(): (feature: Pick<ShopFeature, 'startsOn' | 'endsOn'>) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return ({ startsOn, endsOn }) => {
    if (startsOn === null && endsOn === null) return t('features.always');
    const day = (value: string | null) => (value === null ? '' : format.day(value));
    return `${day(startsOn)} ~ ${day(endsOn)}`.trim();
  };
}
