import { type ReactNode, useEffect, useRef } from 'react';
import { useMarketplace } from '../features/marketplace/marketplace.tsx';
import classes from './page.module.css';

let pagesShown = 0;

interface PageProps {
  title: string;
  /** What stands above the title: a way back. */
  above?: ReactNode;
  /** Beside the title. */
  aside?: ReactNode;
  children: ReactNode;
}

/** A page with its heading, which also becomes the window's title. */
export function Page({ title, above, aside, children }: PageProps) {
  const { name } = useMarketplace();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} - ${name}`;
  }, [title, name]);
  useEffect(() => {
    // A new page is announced; the first one is where the reader starts anyway.
    if (pagesShown > 0) heading.current?.focus({ preventScroll: true });
    pagesShown += 1;
  }, []);
  return (
    <div className={classes.page}>
      {above}
      <div className={classes.head}>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {aside}
      </div>
      {children}
    </div>
  );
}
