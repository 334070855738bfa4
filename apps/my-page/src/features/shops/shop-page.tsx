import type { ShopPage as ShopAnswer } from '@coupon-push/contract/my-page.ts';
import useSWR from 'swr';
import { Link, useSearchParams } from 'wouter';
import { NotFoundPage } from '../../app/not-found-page.tsx';
import { problemOf } from '../../lib/http.ts';
import { useText } from '../../lib/i18n.ts';
import { useFormat } from '../../lib/use-format.ts';
import { Page } from '../../ui/page.tsx';
import { ErrorState, ListSkeleton } from '../../ui/states.tsx';
import { CartBar } from '../checkout/cart-bar.tsx';
import { useMarketplace } from '../marketplace/marketplace.tsx';
import { FollowPanel } from './follow-panel.tsx';
import { ItemGrid } from './item-grid.tsx';
import classes from './shops.module.css';

/** A shop: where a banner, an e-mail and a coupon's "use at the shop" lead. `?item=` marks the item that was clicked. */
export function ShopPage({ shopNo }: { shopNo: string }) {
  const { t } = useText();
  const { day } = useFormat();
  const { actAs } = useMarketplace();
  const [search] = useSearchParams();
  const { data, error, mutate } = useSWR<ShopAnswer>(`/api/my/shops/${encodeURIComponent(shopNo)}`);
  if (data === undefined) {
    if (error !== undefined && [400, 404].includes(problemOf(error).status)) return <NotFoundPage />;
    if (error !== undefined) return <ErrorState error={error} onRetry={() => void mutate()} />;
    return <ListSkeleton height={180} />;
  }
  const { shop, features, items, following } = data;
  const here = `/shops/${encodeURIComponent(shopNo)}`;
  return (
    <Page title={shop.name}>
      {following === null ? (
        <p>
          <Link href="/shops" className="button">
            {t('shops.signInToFollow')}
          </Link>
        </p>
      ) : (
        <FollowPanel
          shop={shop}
          following={following}
          onChange={(changed) => void mutate({ ...data, following: changed }, { revalidate: false })}
        />
      )}
      {features.length > 0 && (
        <section className={classes.section} aria-labelledby="features">
          <h2 id="features">{t('shops.features')}</h2>
          <ul className={classes.features}>
            {features.map((feature) => (
              <li key={feature.id} className={classes.feature}>
                <Link href={`${here}/features/${feature.id}`}>{feature.title}</Link>
                <span className="note">
                  {t('shops.featureItems', { count: feature.items })}
                  {feature.endsOn !== null && ` · ${t('shops.featureUntil', { day: day(feature.endsOn) })}`}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section className={classes.section} aria-labelledby="items">
        <h2 id="items">{t('shops.items')}</h2>
        {items.length === 0 && <p className="note">{t('shops.noItems')}</p>}
        <ItemGrid shopNo={shopNo} items={items} markedItemNo={search.get('item')} />
      </section>
      {actAs && <CartBar shopNo={shopNo} />}
    </Page>
  );
}
