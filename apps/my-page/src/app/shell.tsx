import { IconBuildingStore, IconMail, IconSettings, IconTicket } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { useMarketplace } from '../features/marketplace/marketplace.tsx';
import { useUnread } from '../features/qpost/use-unread.ts';
import { useText } from '../lib/i18n.ts';
import { useOnline } from '../lib/use-online.ts';
import { useScrollPlaces } from '../lib/use-scroll-places.ts';
import classes from './shell.module.css';

const tabs = [
  { href: '/coupons', text: 'tab.coupons', Icon: IconTicket },
  { href: '/qpost', text: 'tab.qpost', Icon: IconMail },
  { href: '/shops', text: 'tab.shops', Icon: IconBuildingStore },
  { href: '/settings', text: 'tab.settings', Icon: IconSettings },
] as const;

/** The frame of every page: the marketplace's name on top, the four tabs at the bottom, where a thumb reaches them. */
export function Shell({ children }: { children: ReactNode }) {
  const { t } = useText();
  const { name } = useMarketplace();
  const online = useOnline();
  useScrollPlaces();
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#content">
        {t('common.skip')}
      </a>
      <header className={classes.header}>
        <Link href="/coupons">{name}</Link>
      </header>
      {!online && (
        <p className={classes.offline} role="status">
          {t('common.offline')}
        </p>
      )}
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      <nav className={classes.bar} aria-label={t('common.menu')}>
        {tabs.map(({ href, text, Icon }) => (
          <TabLink key={href} href={href} text={t(text)} icon={<Icon size={24} aria-hidden />} />
        ))}
      </nav>
    </div>
  );
}

function TabLink({ href, text, icon }: { href: string; text: string; icon: ReactNode }) {
  const { t } = useText();
  const [path] = useLocation();
  const unread = useUnread();
  const total = href === '/qpost' ? unread.total : 0;
  const current = path === href || path.startsWith(`${href}/`);
  return (
    <Link href={href} className={classes.tab ?? ''} aria-current={current ? 'page' : undefined}>
      <span className={classes.icon}>
        {icon}
        {total > 0 && (
          <span className={classes.unread} aria-hidden>
            {total > 99 ? '99+' : total}
          </span>
        )}
      </span>
      {text}
      {total > 0 && <span className="sr">{t('tab.unread', { count: total })}</span>}
    </Link>
  );
}
