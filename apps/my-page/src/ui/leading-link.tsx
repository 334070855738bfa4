import type { ReactNode } from 'react';
import { Link } from 'wouter';

const ours = '/my/';

/** A link as the operator's templates write it: one that leads to My Page stays in the app. */
export function LeadingLink({ href, className, children }: { href: string; className?: string; children: ReactNode }) {
  const url = URL.parse(href, location.origin);
  const name = className ?? '';
  if (url?.origin === location.origin && url.pathname.startsWith(ours)) {
    return (
      <Link href={url.pathname.slice(ours.length - 1) + url.search} className={name}>
        {children}
      </Link>
    );
  }
  return (
    <a href={href} className={name}>
      {children}
    </a>
  );
}
