import { Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTitle } from '../lib/use-title.ts';
import classes from './page-head.module.css';

interface PageHeadProps {
  title: string;
  lead?: string;
  before?: ReactNode;
  actions?: ReactNode;
}

/** A page's heading with what can be done on it; also names the document. */
export function PageHead({ title, lead, before, actions }: PageHeadProps) {
  useTitle(title);
  return (
    <header className={classes.head}>
      <div>
        {before}
        <Title order={1}>{title}</Title>
        {lead !== undefined && <p className="cp-note">{lead}</p>}
      </div>
      {actions !== undefined && <div className={classes.actions}>{actions}</div>}
    </header>
  );
}
