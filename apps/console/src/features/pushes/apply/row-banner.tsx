import { isShownOn } from '@coupon-push/contract/shop-limits.ts';
import { Button, Checkbox, Group, NativeSelect, Radio } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormRow } from '../../../ui/form-row.tsx';
import { marketplaceNow } from '../../marketplace/clock.ts';
import { dayOf } from '../../marketplace/days.ts';
import { shopFeaturesQuery } from '../../shop-features/api/get-shop-features.ts';
import classes from './apply.module.css';
import { useApply } from './apply-context.ts';
import { BannerImage } from './banner-image.tsx';

const ItemSearchDialog = lazy(() =>
  import('../../items/item-search-dialog.tsx').then((module) => ({ default: module.ItemSearchDialog })),
);

export function BannerRow() {
  const { t } = useTranslation();
  const { values, change, errorOf } = useApply();
  const label = (
    <Checkbox
      label={t('apply.banner.label')}
      checked={values.bannerOn}
      onChange={(event) => change({ bannerOn: event.currentTarget.checked })}
    />
  );
  return (
    <FormRow field="banner" label={label} error={errorOf('banner')}>
      {values.bannerOn ? (
        <>
          <BannerImage />
          <LinkPage />
        </>
      ) : (
        <p className="cp-note" style={{ paddingTop: 6 }}>
          {t('apply.banner.offNote')}
        </p>
      )}
    </FormRow>
  );
}

function LinkPage() {
  const { t } = useTranslation();
  const { shop, marketplace, values, change } = useApply();
  const [searching, setSearching] = useState(false);
  const features = useQuery({ ...shopFeaturesQuery(shop.id), enabled: values.linkKind === 'feature' });
  const list = features.data?.features ?? [];
  const day = values.date || dayOf(marketplaceNow(), marketplace.zone);
  return (
    <>
      <Radio.Group
        label={t('apply.link.label')}
        classNames={{ label: classes.inlineLabel ?? '' }}
        value={values.linkKind}
        onChange={(kind) => change({ linkKind: kind === 'item' || kind === 'feature' ? kind : 'shop' })}
      >
        <Group gap="lg">
          <Radio value="shop" label={t('apply.link.shop')} />
          <Radio value="item" label={t('apply.link.item')} />
          <Radio value="feature" label={t('apply.link.feature')} />
        </Group>
      </Radio.Group>
      {values.linkKind === 'item' && (
        <Group gap="xs">
          {values.linkItem !== null && (
            <Group gap="xs" wrap="nowrap">
              <img src={values.linkItem.imageUrl} alt="" width={32} height={32} />
              <span>{values.linkItem.name}</span>
            </Group>
          )}
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<IconSearch size={14} />}
            onClick={() => setSearching(true)}
          >
            {t('apply.items.search')}
          </Button>
        </Group>
      )}
      {values.linkKind === 'feature' &&
        (features.isSuccess && list.length === 0 ? (
          <p className="cp-note">{t('apply.link.noFeatures')}</p>
        ) : (
          <NativeSelect
            className={classes.short ?? ''}
            aria-label={t('apply.link.feature')}
            value={values.linkFeatureId === null ? '' : String(values.linkFeatureId)}
            onChange={(event) => change({ linkFeatureId: Number(event.currentTarget.value) || null })}
            data={[
              { value: '', label: t('apply.link.chooseFeature') },
              // Only what customers will see on the day of the push.
              ...list.map((feature) => {
                const shown = isShownOn(feature, day);
                const label = shown ? feature.title : `${feature.title} (${t('apply.link.notShown')})`;
                return { value: String(feature.id), label, disabled: !shown };
              }),
            ]}
          />
        ))}
      {searching && (
        <Suspense fallback={null}>
          <ItemSearchDialog
            shop={shop}
            max={1}
            chosen={values.linkItem === null ? [] : [values.linkItem]}
            onOk={([item]) => {
              change({ linkItem: item ?? null });
              setSearching(false);
            }}
            onClose={() => setSearching(false)}
          />
        </Suspense>
      )}
    </>
  );
}
