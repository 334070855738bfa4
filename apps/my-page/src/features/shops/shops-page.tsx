import type { MyShop } from '@coupon-push/contract/my-page.ts';
import { IconBuildingStore } from '@tabler/icons-react';
import { Link } from 'wouter';
import { useText } from '../../lib/i18n.ts';
import { useFormat } from '../../lib/use-format.ts';
import { EndlessList } from '../../ui/endless-list.tsx';
import { Page } from '../../ui/page.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { FindShop } from './find-shop.tsx';
import classes from './shops.module.css';

/** Favourite shops, the newest first; and how to find another one. */
export function ShopsPage() {
  const { t } = useText();
  return (
    <Page title={t('shops.title')}>
      <FindShop />
      <EndlessList<MyShop>
        address="/api/my/shops"
        keyOf={(shop) => shop.shopNo}
        show={(shop) => <Shop shop={shop} />}
        empty={<EmptyState icon={<IconBuildingStore />} title={t('shops.empty')} text={t('shops.emptyText')} />}
        skeletonHeight={64}
      />
    </Page>
  );
}

function Shop({ shop }: { shop: MyShop }) {
  const { t } = useText();
  const { dayOf } = useFormat();
  return (
    <Link href={`/shops/${encodeURIComponent(shop.shopNo)}`} className={classes.shop ?? ''}>
      <strong>{shop.name}</strong>
      <span className="note">{t('shops.since', { day: dayOf(shop.followedAt) })}</span>
      {shop.muted && <span className={classes.muted}>{t('shops.muted')}</span>}
    </Link>
  );
}
