import { Button, Popover } from '@mantine/core';
import { IconExternalLink, IconPlayerTrackNext } from '@tabler/icons-react';
import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ProblemBanner } from '../../ui/problem-banner.tsx';
import { marketplaceQuery } from './api/get-marketplace.ts';
import { skipClock } from './api/skip-clock.ts';
import { useMarketplaceNow } from './clock.ts';
import classes from './demo-clock.module.css';
import { useFormat } from './use-format.ts';

/** The marketplace's time, with its zone. */
export function MarketplaceClock() {
  const { t } = useTranslation();
  const now = useMarketplaceNow();
  const format = useFormat();
  return (
    <time className={classes.clock} dateTime={now.toISOString()} title={t('header.clock')}>
      {format.moment(now)}
    </time>
  );
}

/** Demo only: moves the clock to the next slot with a waiting push, and opens the mailbox that catches all mail. */
export function DemoTools({ onSkipped }: { onSkipped?: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data: marketplace } = useSuspenseQuery(marketplaceQuery);
  const skip = useMutation({
    mutationFn: skipClock,
    onSuccess: () => {
      onSkipped?.();
      return client.invalidateQueries({ predicate: (query) => query.queryKey[0] === 'shops' });
    },
  });
  if (!marketplace.demo) return null;
  return (
    <div className={classes.tools}>
      <Popover opened={skip.isError} onClose={skip.reset} onDismiss={skip.reset} width={300} withArrow>
        <Popover.Target>
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<IconPlayerTrackNext size={14} />}
            loading={skip.isPending}
            onClick={() => skip.mutate()}
            title={t('demo.skipHint')}
          >
            {t('demo.skip')}
          </Button>
        </Popover.Target>
        <Popover.Dropdown p={0}>{skip.isError && <ProblemBanner error={skip.error} />}</Popover.Dropdown>
      </Popover>
      <Button
        component="a"
        href="/mailbox"
        target="_blank"
        rel="noreferrer"
        variant="subtle"
        size="compact-sm"
        rightSection={<IconExternalLink size={14} />}
      >
        {t('demo.mailbox')}
        <span className="cp-sr">{t('common.newTab')}</span>
      </Button>
    </div>
  );
}
