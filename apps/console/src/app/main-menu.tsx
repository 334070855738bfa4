import { VisuallyHidden } from '@mantine/core';
import {
  IconHelp,
  IconHistory,
  IconLayoutDashboard,
  IconLayoutGrid,
  IconReceipt,
  IconSend,
  IconTicket,
  IconUserHeart,
  IconUsers,
} from '@tabler/icons-react';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { marketplaceQuery } from '../features/marketplace/api/get-marketplace.ts';
import { useCurrentShop } from '../features/session/use-current-shop.ts';
import classes from './main-menu.module.css';

const home = { to: '/shops/$shopId', label: 'nav.dashboard', icon: IconLayoutDashboard } as const;

/** Promotion > Seller promotion > Coupon Push, as in the guides. */
const promotion = [
  { to: '/shops/$shopId/coupons', label: 'nav.coupons', icon: IconTicket },
  { to: '/shops/$shopId/push', label: 'nav.push', icon: IconSend },
  { to: '/shops/$shopId/history', label: 'nav.history', icon: IconHistory },
] as const;

const ofShop = [
  { to: '/shops/$shopId/features', label: 'nav.features', icon: IconLayoutGrid },
  { to: '/shops/$shopId/fellows', label: 'nav.fellows', icon: IconUserHeart },
  { to: '/shops/$shopId/orders', label: 'nav.orders', icon: IconReceipt },
] as const;

const forOwners = [{ to: '/shops/$shopId/staff', label: 'nav.staff', icon: IconUsers }] as const;

type Entry = typeof home | (typeof promotion)[number] | (typeof ofShop)[number] | (typeof forOwners)[number];

export function MainMenu({ onChosen }: { onChosen: () => void }) {
  const { t } = useTranslation();
  const shop = useCurrentShop();
  if (shop === undefined) return null;
  const list = (entries: readonly Entry[]) => (
    <ul className={classes.list}>
      {entries.map((entry) => (
        <MenuLink key={entry.to} entry={entry} shopId={String(shop.id)} onChosen={onChosen} />
      ))}
    </ul>
  );
  return (
    <div className={classes.menu}>
      {list([home])}
      <div>
        <p className={classes.section}>{t('nav.promotion')}</p>
        <p className={classes.group}>{t('nav.sellerPromotion')}</p>
        {list(promotion)}
      </div>
      <div>
        <p className={classes.section}>{t('nav.shop')}</p>
        {list(shop.role === 'owner' ? [...ofShop, ...forOwners] : ofShop)}
      </div>
      <Contact />
    </div>
  );
}

/** The guides end with where to ask. */
function Contact() {
  const { t } = useTranslation();
  const { data } = useSuspenseQuery(marketplaceQuery);
  if (!/^https?:/.test(data.contactUrl)) return null;
  return (
    <a className={classes.link} href={data.contactUrl} target="_blank" rel="noreferrer">
      <IconHelp size={18} aria-hidden />
      <span>
        {t('nav.contact')}
        <VisuallyHidden>{t('common.newTab')}</VisuallyHidden>
      </span>
    </a>
  );
}

function MenuLink({ entry, shopId, onChosen }: { entry: Entry; shopId: string; onChosen: () => void }) {
  const { t } = useTranslation();
  const { pushId } = useParams({ strict: false });
  const { to, label, icon: Icon } = entry;
  // A push's own page is reached from the history and belongs to it.
  const within = pushId !== undefined && to === '/shops/$shopId/history';
  return (
    <li>
      <Link
        to={to}
        params={{ shopId }}
        search={{}}
        className={classes.link}
        activeOptions={{ includeSearch: false, exact: to === home.to }}
        activeProps={{ 'aria-current': 'page' }}
        {...(within ? { 'aria-current': 'page' as const } : {})}
        onClick={onChosen}
      >
        <Icon size={18} aria-hidden />
        {t(label)}
      </Link>
    </li>
  );
}
