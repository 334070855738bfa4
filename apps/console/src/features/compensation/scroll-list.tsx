import type { ReactNode } from 'react';
import classes from './compensation.module.css';

interface ScrollListProps {
  label: string;
  className?: string | undefined;
  children: ReactNode;
}

/** A long table that scrolls in itself; reachable by keyboard, so that it can be scrolled with it. */
export function ScrollList({ label, className, children }: ScrollListProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable
    <section className={`${classes.list} ${className ?? ''}`} aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
