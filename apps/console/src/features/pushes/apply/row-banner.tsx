import { Button, Checkbox, FileButton, Group, Modal, NativeSelect, Radio } from '@mantine/core';
import { IconPhoto, IconRotate, IconSearch, IconUpload } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { problemOf } from '../../../lib/http.ts';
import { useProblemText } from '../../../lib/use-problem-text.ts';
import { FieldErrorText, FormRow } from '../../../ui/form-row.tsx';
import { uploadBanner } from '../../banners/api/upload-banner.ts';
import { BannerGuideDialog } from '../../banners/banner-guide-dialog.tsx';
import { bannerRefusal } from '../../banners/rules.ts';
import { shopFeaturesQuery } from '../../shop-features/api/get-shop-features.ts';
import classes from './apply.module.css';
import { useApply } from './apply-context.ts';

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

function BannerImage() {
  const { t } = useTranslation();
  const { shop, marketplace, values, change } = useApply();
  const { ofError, ofField } = useProblemText();
  const [dialog, setDialog] = useState<'image' | 'guide' | null>(null);
  const { sizes, maxBytes } = marketplace.banner;
  const upload = useMutation({
    mutationFn: async (file: File) => {
      const refusal = bannerRefusal(file, maxBytes);
      return refusal === null ? uploadBanner(shop.id, file) : Promise.reject(refusal);
    },
    onSuccess: (banner) => change({ banner }),
  });
  const [fieldError] = upload.isError ? problemOf(upload.error).fields : [];
  const close = () => setDialog(null);
  return (
    <>
      <Group gap="xs">
        <FileButton accept="image/jpeg,image/png,image/webp" onChange={(file) => file !== null && upload.mutate(file)}>
          {(props) => (
            <Button {...props} variant="default" leftSection={<IconUpload size={16} />} loading={upload.isPending}>
              Upload
            </Button>
          )}
        </FileButton>
        <Button
          variant="default"
          leftSection={<IconRotate size={16} />}
          disabled={values.banner === null}
          onClick={() => {
            upload.reset();
            change({ banner: null });
          }}
        >
          {t('apply.banner.reset')}
        </Button>
        <Button
          variant="default"
          leftSection={<IconPhoto size={16} />}
          disabled={values.banner === null}
          onClick={() => setDialog('image')}
        >
          {t('apply.banner.view')}
        </Button>
        <Button variant="subtle" onClick={() => setDialog('guide')}>
          Banner Guide
        </Button>
      </Group>
      <p className="cp-note">
        * {t('apply.banner.size')}: {sizes.map(({ width, height }) => `${width}px*${height}px`).join(' / ')}
      </p>
      <p className="cp-note">{t('apply.banner.note')}</p>
      {upload.isError && (
        <FieldErrorText>{fieldError === undefined ? ofError(upload.error) : ofField(fieldError)}</FieldErrorText>
      )}
      {values.banner !== null && (
        <img
          className={classes.banner}
          src={values.banner.url}
          alt={t('apply.banner.alt')}
          width={values.banner.width}
          height={values.banner.height}
        />
      )}
      <Modal
        opened={dialog === 'image' && values.banner !== null}
        onClose={close}
        title={t('apply.banner.view')}
        size="xl"
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        {values.banner !== null && (
          <>
            <img className={classes.banner} src={values.banner.url} alt={t('apply.banner.alt')} />
            <p className="cp-note">
              {values.banner.width}px*{values.banner.height}px
            </p>
          </>
        )}
      </Modal>
      <BannerGuideDialog opened={dialog === 'guide'} onClose={close} rules={marketplace.banner} />
    </>
  );
}

function LinkPage() {
  const { t } = useTranslation();
  const { shop, values, change } = useApply();
  const [searching, setSearching] = useState(false);
  const features = useQuery({ ...shopFeaturesQuery(shop.id), enabled: values.linkKind === 'feature' });
  const list = features.data?.features ?? [];
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
              ...list.map((feature) => ({ value: String(feature.id), label: feature.title })),
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
