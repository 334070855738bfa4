import type { Icon } from '@tabler/icons-react';
import classes from './state-mark.module.css';

export type Tone = 'info' | 'good' | 'warn' | 'bad' | 'quiet';

interface StateMarkProps {
  tone: Tone;
  icon: Icon;
  text: string;
  /** Something is under way: the icon turns. */
  turning?: boolean;
}

/** A state as word, icon and colour; never colour alone. */
export function StateMark({ tone, icon: Icon, text, turning = false }: StateMarkProps) {
  return (
    <span className={classes.mark} data-tone={tone} data-turning={turning || undefined}>
      <Icon size={16} aria-hidden />
      {text}
    </span>
  );
}
