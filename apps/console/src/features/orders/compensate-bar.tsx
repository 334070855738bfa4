import { maxOrdersAtOnce } from '@coupon-push/contract/shop-limits.ts';
import { Button, Group } from '@mantine/core';
import { IconGift } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ProblemBanner } from '../../ui/problem-banner.tsx';
import { useFormat } from '../marketplace/use-format.ts';
import { compensate } from './api/compensate.ts';
import { getOrderNumbers, type OrderFilter } from './api/get-orders.ts';
import classes from './orders.module.css';

interface CompensateBarProps {
  shopId: number;
  filter: OrderFilter;
  ticked: ReadonlySet<string>;
  onTick: (orderNos: string[]) => void;
}

/** What was ticked, over all pages, and the way from there to the application with these orders filled in. */
export function CompensateBar({ shopId, filter, ticked, onTick }: CompensateBarProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const all = useMutation({
    mutationFn: () => getOrderNumbers(shopId, filter),
    onSuccess: ({ orderNos }) => onTick(orderNos),
  });
  const go = useMutation({
    mutationFn: () => compensate(shopId, [...ticked]),
    onSuccess: ({ id }) =>
      navigate({ to: '/shops/$shopId/push', params: { shopId: String(shopId) }, search: { upload: id } }),
  });
  const tooMany = ticked.size > maxOrdersAtOnce;
  const problem = all.error ?? go.error;
  return (
    <div className={classes.bar}>
      {problem !== null && <ProblemBanner error={problem} />}
      <Group gap="sm" justify="space-between">
        <div>
          <span aria-live="polite">
            {ticked.size === 0
              ? t('orders.tickFirst')
              : t('orders.ticked', { count: ticked.size, number: format.number(ticked.size) })}
          </span>
          {(tooMany || all.data?.more === true) && (
            <p className="cp-note" role="alert">
              {t('orders.tooMany', { number: format.number(maxOrdersAtOnce) })}
            </p>
          )}
        </div>
        <Group gap="xs">
          <Button variant="default" loading={all.isPending} onClick={() => all.mutate()}>
            {t('orders.tickAll')}
          </Button>
          {ticked.size > 0 && (
            <Button variant="default" onClick={() => onTick([])}>
              {t('orders.tickNone')}
            </Button>
          )}
          <Button
            leftSection={<IconGift size={16} />}
            disabled={ticked.size === 0 || tooMany}
            loading={go.isPending}
            onClick={() => go.mutate()}
          >
            {t('orders.compensate')}
          </Button>
        </Group>
      </Group>
    </div>
  );
}
