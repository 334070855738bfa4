import type { ReactNode } from 'react';
import { Link } from 'wouter';
import classes from './tabs.module.css';

interface TabLinksProps {
  label: string;
  /** `mark` stands beside the words: a number of unread messages. */
  tabs: { href: string; text: string; current: boolean; mark?: ReactNode }[];
}

/** Views of one list, each with an address of its own. */
export function TabLinks({ label, tabs }: TabLinksProps) {
  return (
    <nav className={classes.tabs} aria-label={label}>
      {tabs.map(({ href, text, current, mark }) => (
        <Link key={href} href={href} replace className={classes.tab ?? ''} aria-current={current ? 'page' : undefined}>
          {text}
          {mark}
        </Link>
      ))}
    </nav>
  );
}
