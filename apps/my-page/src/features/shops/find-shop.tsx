import { IconSearch } from '@tabler/icons-react';
import { useDeferredValue, useState } from 'react';
import useSWR from 'swr';
import { Link } from 'wouter';
import { useText } from '../../lib/i18n.ts';
import { Refusal } from '../../ui/states.tsx';
import classes from './shops.module.css';

/** Looks a shop up by its name; some are offered before anything is typed. */
export function FindShop() {
  const { t } = useText();
  const [name, setName] = useState('');
  const [open, setOpen] = useState(false);
  const asked = useDeferredValue(name.trim());
  const { data, error } = useSWR<{ shops: { shopNo: string; name: string }[] }>(
    open ? `/api/my/shop-search?name=${encodeURIComponent(asked)}` : null,
    { keepPreviousData: true },
  );
  return (
    <search className={classes.find}>
      <label htmlFor="find-shop">{t('shops.find')}</label>
      <div className={classes.field}>
        <IconSearch size={20} aria-hidden />
        <input
          id="find-shop"
          type="search"
          maxLength={100}
          autoComplete="off"
          value={name}
          onFocus={() => setOpen(true)}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      </div>
      {open && (
        <div aria-live="polite">
          <Refusal error={error} />
          {data?.shops.length === 0 && <p className="note">{t('shops.none')}</p>}
          <ul className={classes.found}>
            {data?.shops.map((shop) => (
              <li key={shop.shopNo}>
                <Link href={`/shops/${encodeURIComponent(shop.shopNo)}`}>{shop.name}</Link>
              </li>
            ))}
          </ul>
        </div>
      )}
    </search>
  );
}
