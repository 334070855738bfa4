import { Anchor } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { PageHead } from '../../ui/page-head.tsx';
import { ErrorState, ListSkeleton } from '../../ui/states.tsx';
import { useShop } from '../session/use-shop.ts';
import { shopFeatureQuery } from './api/get-shop-features.ts';
import { FeatureForm } from './feature-form.tsx';
import { FeatureState } from './feature-state.tsx';
import classes from './features.module.css';

function Overview({ shopId }: { shopId: string }) {
  const { t } = useTranslation();
  return (
    <Anchor component={Link} to={`/shops/${shopId}/features`} className={classes.back ?? ''}>
      <IconArrowLeft size={14} aria-hidden /> {t('features.title')}
    </Anchor>
  );
}

export function NewFeaturePage() {
  const { t } = useTranslation();
  const { shopId } = useParams({ from: '/signed-in/shops/$shopId/features/new' });
  const shop = useShop(shopId);
  return (
    <>
      <PageHead title={t('features.create')} before={<Overview shopId={shopId} />} />
      <FeatureForm shop={shop} />
    </>
  );
}

export function FeaturePage() {
  const { t } = useTranslation();
  const { shopId, featureId } = useParams({ from: '/signed-in/shops/$shopId/features/$featureId' });
  const shop = useShop(shopId);
  const feature = useQuery(shopFeatureQuery(shop.id, Number(featureId)));
  return (
    <>
      <PageHead
        title={feature.data?.title ?? t('features.title')}
        before={<Overview shopId={shopId} />}
        actions={feature.data !== undefined && <FeatureState state={feature.data.state} />}
      />
      {feature.isPending && <ListSkeleton />}
      {feature.isError && <ErrorState error={feature.error} onRetry={() => void feature.refetch()} />}
      {feature.data !== undefined && <FeatureForm key={feature.data.id} shop={shop} feature={feature.data} />}
    </>
  );
}
