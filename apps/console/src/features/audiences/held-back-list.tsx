import type { Audience } from '@coupon-push/contract/audience.ts';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../marketplace/use-format.ts';
import classes from './held-back-list.module.css';

/** How many customers get nothing, by reason; nothing at all when nobody is held back. */
export function HeldBackList({ heldBack }: Pick<Audience, 'heldBack'>) {
  const { t } = useTranslation();
  const format = useFormat();
  const some = heldBack.filter(({ customers }) => customers > 0);
  if (some.length === 0) return null;
  return (
    <ul className={classes.reasons}>
      {some.map(({ reason, customers }) => (
        <li key={reason}>
          {t(`heldBack.${reason}`)} <strong>{format.number(customers)}</strong>
        </li>
      ))}
    </ul>
  );
}
