import type { Item } from '@coupon-push/contract/items.ts';
import { maxFeatureItems } from '@coupon-push/contract/shop-limits.ts';
import { Button, Group } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './features.module.css';

const ItemSearchDialog = lazy(() =>
  import('../items/item-search-dialog.tsx').then((module) => ({ default: module.ItemSearchDialog })),
);

interface FeatureItemsProps {
  shop: { id: number; name: string };
  items: Item[];
  onChange: (items: Item[]) => void;
}

/** The items of a feature in their order, and the search that changes them. */
export function FeatureItems({ shop, items, onChange }: FeatureItemsProps) {
  const { t } = useTranslation();
  const [searching, setSearching] = useState(false);
  return (
    <>
      <Group gap="xs">
        <Button variant="default" leftSection={<IconSearch size={16} />} onClick={() => setSearching(true)}>
          {t('apply.items.search')}
        </Button>
        <span className="cp-note">{t('apply.items.chosenCount', { count: items.length, max: maxFeatureItems })}</span>
      </Group>
      {items.length > 0 && (
        <ol className={classes.items}>
          {items.map((item) => (
            <li key={item.id}>
              <img src={item.imageUrl} alt="" width={56} height={56} loading="lazy" />
              <span>{item.name}</span>
            </li>
          ))}
        </ol>
      )}
      {searching && (
        <Suspense fallback={null}>
          <ItemSearchDialog
            shop={shop}
            max={maxFeatureItems}
            chosen={items}
            onOk={(chosen) => {
              onChange(chosen);
              setSearching(false);
            }}
            onClose={() => setSearching(false)}
          />
        </Suspense>
      )}
    </>
  );
}
