import { IconHistory, IconSend, IconTicket } from '@tabler/icons-react';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import classes from './main-menu.module.css';

const entries = [
  { to: '/shops/$shopId/coupons', label: 'nav.coupons', icon: IconTicket },
  { to: '/shops/$shopId/push', label: 'nav.push', icon: IconSend },
  { to: '/shops/$shopId/history', label: 'nav.history', icon: IconHistory },
] as const;

/** Promotion > Seller promotion > Coupon Push, as in the guides. */
export function MainMenu({ onChosen }: { onChosen: () => void }) {
  const { t } = useTranslation();
  const { shopId, pushId } = useParams({ strict: false });
  // A push's own page is reached from the history and belongs to it.
  const within = pushId === undefined ? null : '/shops/$shopId/history';
  if (shopId === undefined) return null;
  return (
    <div>
      <p className={classes.section}>{t('nav.promotion')}</p>
      <p className={classes.group}>{t('nav.sellerPromotion')}</p>
      <ul className={classes.list}>
        {entries.map(({ to, label, icon: Icon }) => (
          <li key={to}>
            <Link
              to={to}
              params={{ shopId }}
              search={{}}
              className={classes.link}
              activeOptions={{ includeSearch: false }}
              activeProps={{ 'aria-current': 'page' }}
              {...(within === to ? { 'aria-current': 'page' as const } : {})}
              onClick={onChosen}
            >
              <Icon size={18} aria-hidden />
              {t(label)}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
