import { IconAlertTriangle } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { refusalText, useText } from '../lib/i18n.ts';
import classes from './states.module.css';

/** The sentence of a refusal; undefined while it is being fetched, and without an error. */
export function useRefusalText(error: unknown): string | undefined {
  const { language } = useText();
  const [text, setText] = useState<string>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: in another language it reads anew
  useEffect(() => {
    let current = true;
    setText(undefined);
    if (error !== undefined) void refusalText(error).then((sentence) => current && setText(sentence));
    return () => {
      current = false;
    };
  }, [error, language]);
  return text;
}

/** Why something was not done, where it was asked for. */
export function Refusal({ error }: { error: unknown }) {
  const text = useRefusalText(error);
  return (
    <p className={classes.refusal} role="alert" hidden={text === undefined}>
      {text}
    </p>
  );
}

interface EmptyStateProps {
  icon: ReactNode;
  title: string;
  text: string;
  action?: ReactNode;
}

/** Nothing here yet: what this is, and what to do first. */
export function EmptyState({ icon, title, text, action }: EmptyStateProps) {
  return (
    <div className={classes.state}>
      <span className={classes.icon} aria-hidden>
        {icon}
      </span>
      <p className={classes.title}>{title}</p>
      <p className="note">{text}</p>
      {action}
    </div>
  );
}

/** It could not be loaded: why, and a way to try again. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useText();
  const text = useRefusalText(error);
  return (
    <div className={classes.state} role="alert">
      <span className={classes.icon} aria-hidden>
        <IconAlertTriangle />
      </span>
      <p className={classes.title}>{text}</p>
      <button type="button" className="button" onClick={onRetry}>
        {t('common.retry')}
      </button>
    </div>
  );
}

/** The shape of a list that is on its way. */
export function ListSkeleton({ rows = 3, height = 96 }: { rows?: number; height?: number }) {
  const { t } = useText();
  return (
    <div className={classes.skeleton} role="status" aria-label={t('common.loading')}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
        <span key={row} style={{ height }} />
      ))}
    </div>
  );
}
