import type { MemberEvent } from '@coupon-push/contract/people.ts';
import { Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../marketplace/use-format.ts';
import classes from './staff.module.css';

/** Who did what about the people of the shop, newest first. */
export function MemberEvents({ events }: { events: MemberEvent[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (events.length === 0) return null;
  return (
    <section aria-labelledby="staff-events">
      <Title order={2} id="staff-events">
        {t('staff.events')}
      </Title>
      <ol className={classes.events}>
        {events.map((event) => (
          <li key={event.id}>
            <time dateTime={event.happenedAt}>{format.moment(event.happenedAt)}</time>
            <span>
              {t(`staff.event.${event.kind}`, {
                email: event.email,
                by: event.doneBy,
                role: event.role === null ? '' : t(`staff.role.${event.role}`),
              })}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
