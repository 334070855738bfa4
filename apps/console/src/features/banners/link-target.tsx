import type { BannerLink } from '@coupon-push/contract/pushes.ts';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { itemsByIdQuery } from '../items/api/get-items-by-id.ts';
import { shopFeaturesQuery } from '../shop-features/api/get-shop-features.ts';

/** Where a banner leads, by name: `Shop feature: Gifts`. */
export function LinkTarget({ shopId, link }: { shopId: number; link: BannerLink }) {
  const { t } = useTranslation();
  const itemId = link.kind === 'item' ? link.itemId : null;
  const features = useQuery({ ...shopFeaturesQuery(shopId), enabled: link.kind === 'feature' });
  const items = useQuery({ ...itemsByIdQuery(shopId, [itemId ?? 0]), enabled: itemId !== null });
  const name =
    link.kind === 'feature'
      ? features.data?.features.find(({ id }) => id === link.featureId)?.title
      : items.data?.entries[0]?.name;
  return (
    <>
      {t('apply.link.label')}: {t(`apply.link.${link.kind}`)}
      {link.kind !== 'shop' && name !== undefined && ` – ${name}`}
    </>
  );
}
