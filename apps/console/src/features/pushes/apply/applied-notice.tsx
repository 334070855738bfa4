import type { Push } from '@coupon-push/contract/pushes.ts';
import { Button, Group, Title } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../../../lib/use-title.ts';
import { marketplaceQuery } from '../../marketplace/api/get-marketplace.ts';
import { useFormat } from '../../marketplace/use-format.ts';
import { StateBadge } from '../state-badge.tsx';
import classes from './applied-notice.module.css';

interface AppliedNoticeProps {
  shopId: string;
  push: Push;
  onAgain: () => void;
}

/** The application was made: its number, when it goes out, and where to follow it. */
export function AppliedNotice({ shopId, push, onAgain }: AppliedNoticeProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data: marketplace } = useSuspenseQuery(marketplaceQuery);
  const heading = useRef<HTMLHeadingElement>(null);
  useTitle(t('applied.title'));
  useEffect(() => {
    window.scrollTo(0, 0);
    heading.current?.focus();
  }, []);
  return (
    <section className={classes.notice}>
      <IconCircleCheck size={32} className={classes.icon} aria-hidden />
      <Title order={1} ref={heading} tabIndex={-1}>
        {t('applied.title')}
      </Title>
      <dl className={classes.facts}>
        <div>
          <dt>{t('push.number')}</dt>
          <dd className={classes.number}>{push.id}</dd>
        </div>
        <div>
          <dt>{t('push.state')}</dt>
          <dd>
            <StateBadge state={push.state} />
          </dd>
        </div>
        <div>
          <dt>{t('push.slot')}</dt>
          <dd>{format.moment(push.slot)}</dd>
        </div>
      </dl>
      <p className="cp-note">
        {push.cancellable
          ? t('summary.cancelUntil', { moment: format.moment(push.cancelUntil) })
          : t('applied.uncancellable', { hours: marketplace.cancelHours })}
      </p>
      <p className="cp-note">{t('summary.what')}</p>
      <Group gap="xs">
        <Button component={Link} to={`/shops/${shopId}/pushes/${push.id}`}>
          {t('applied.detail')}
        </Button>
        <Button component={Link} to={`/shops/${shopId}/history`} variant="default">
          {t('apply.history')}
        </Button>
        <Button variant="subtle" onClick={onAgain}>
          {t('applied.again')}
        </Button>
      </Group>
    </section>
  );
}
