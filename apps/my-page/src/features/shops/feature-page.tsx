import type { ShopFeaturePage } from '@coupon-push/contract/my-page.ts';
import useSWR from 'swr';
import { Link } from 'wouter';
import { NotFoundPage } from '../../app/not-found-page.tsx';
import { problemOf } from '../../lib/http.ts';
import { useText } from '../../lib/i18n.ts';
import { useFormat } from '../../lib/use-format.ts';
import { Page } from '../../ui/page.tsx';
import { ErrorState, ListSkeleton } from '../../ui/states.tsx';
import { CartBar } from '../checkout/cart-bar.tsx';
import { useMarketplace } from '../marketplace/marketplace.tsx';
import { ItemGrid } from './item-grid.tsx';

/** A shop feature: a titled page of chosen items, while it is shown. */
export function FeaturePage({ shopNo, featureId }: { shopNo: string; featureId: string }) {
  const { t } = useText();
  const { day } = useFormat();
  const { actAs } = useMarketplace();
  const here = `/shops/${encodeURIComponent(shopNo)}`;
  const { data, error, mutate } = useSWR<ShopFeaturePage>(`/api/my${here}/features/${encodeURIComponent(featureId)}`);
  if (data === undefined) {
    if (error !== undefined && [400, 404].includes(problemOf(error).status)) {
      return <NotFoundPage title={t('shops.featureGone')} />;
    }
    if (error !== undefined) return <ErrorState error={error} onRetry={() => void mutate()} />;
    return <ListSkeleton height={180} />;
  }
  return (
    <Page title={data.title} above={<Link href={here}>{t('shops.toShop', { shop: data.shop.name })}</Link>}>
      {data.endsOn !== null && <p className="note">{t('shops.featureUntil', { day: day(data.endsOn) })}</p>}
      <ItemGrid shopNo={shopNo} items={data.chosenItems} />
      {actAs && <CartBar shopNo={shopNo} />}
    </Page>
  );
}
