import type { Slots } from '@coupon-push/contract/slots.ts';
import { Anchor } from '@mantine/core';
import { IconCalendarCheck, IconCalendarOff } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../marketplace/use-format.ts';
import classes from './apply.module.css';
import { useApply } from './apply-context.ts';

/** Whether this week's push is taken, by which, and from when the next slot is free (spec 3.2). */
export function QuotaNote({ slots }: { slots: Slots }) {
  const { t } = useTranslation();
  const { shop } = useApply();
  const format = useFormat();
  const { thisWeek } = slots;
  const taken = thisWeek.used >= thisWeek.allowed;
  const Icon = taken ? IconCalendarOff : IconCalendarCheck;
  const week = t('apply.quota.week', { from: format.day(thisWeek.weekFrom), until: format.day(thisWeek.weekUntil) });
  return (
    <div className={classes.quota} data-taken={taken || undefined}>
      <Icon size={18} aria-hidden />
      <div>
        <div>
          {week} {taken ? t('apply.quota.taken') : t('apply.quota.free')}{' '}
          {taken &&
            thisWeek.pushes.map((push) => (
              <Anchor key={push.id} component={Link} to={`/shops/${shop.id}/pushes/${push.id}`} fz="inherit">
                {t('apply.quota.by', { id: push.id, slot: format.moment(push.slot) })}
              </Anchor>
            ))}
        </div>
        {slots.nextFree !== null && <div>{t('apply.quota.nextFree', { slot: format.moment(slots.nextFree) })}</div>}
        {slots.nextFree === null && slots.nextFreeFrom !== null && (
          <div>{t('apply.quota.nextFreeFrom', { day: format.day(slots.nextFreeFrom) })}</div>
        )}
      </div>
    </div>
  );
}
