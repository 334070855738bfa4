import { Button, Skeleton } from '@mantine/core';
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblemText } from '../lib/use-problem-text.ts';
import classes from './states.module.css';

interface EmptyStateProps {
  /** The state is the whole page: its title is the page's heading. */
  page?: boolean;
  icon: ReactNode;
  title: string;
  text: string;
  action?: ReactNode;
}

/** Nothing here yet: what this is, and what to do first. */
export function EmptyState({ page = false, icon, title, text, action }: EmptyStateProps) {
  const Heading = page ? 'h1' : 'p';
  return (
    <div className={classes.state}>
      <span className={classes.icon} aria-hidden>
        {icon}
      </span>
      <Heading className={classes.title}>{title}</Heading>
      <p className="cp-note">{text}</p>
      {action}
    </div>
  );
}

/** It could not be loaded: why, and a way to try again. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation();
  const { ofError } = useProblemText();
  return (
    <div className={classes.state} role="alert">
      <span className={classes.icon} aria-hidden>
        <IconAlertTriangle />
      </span>
      <p className={classes.title}>{ofError(error)}</p>
      <Button variant="default" leftSection={<IconRefresh size={16} />} onClick={onRetry}>
        {t('common.retry')}
      </Button>
    </div>
  );
}

/** The shape of a list that is on its way. */
export function ListSkeleton({ rows = 5 }: { rows?: number }) {
  const { t } = useTranslation();
  return (
    <div className={classes.skeleton} role="status" aria-label={t('common.loading')}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
        <Skeleton key={row} height={36} />
      ))}
    </div>
  );
}
