import { NativeSelect } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { meQuery } from '../features/session/api/get-me.ts';
import { useCurrentShop } from '../features/session/use-current-shop.ts';
import { sameSection } from './sections.ts';
import classes from './shell.module.css';

/** The shop that is worked for; a choice where the person has several. The other shop opens at the same section. */
export function ShopSelect() {
  const { t } = useTranslation();
  const { data: me } = useSuspenseQuery(meQuery);
  const router = useRouter();
  const current = useCurrentShop();
  if (me.shops.length < 2) return <strong className={classes.shop}>{current?.name}</strong>;
  return (
    <NativeSelect
      size="xs"
      className={classes.shops}
      aria-label={t('header.shop')}
      value={current === undefined ? '' : String(current.id)}
      onChange={(event) => router.history.push(sameSection(location.pathname, event.currentTarget.value))}
      data={me.shops.map((shop) => ({
        value: String(shop.id),
        label: `${shop.name} (${t(`staff.role.${shop.role}`)})`,
      }))}
    />
  );
}
