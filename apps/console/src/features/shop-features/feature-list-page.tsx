import type { ShopFeature } from '@coupon-push/contract/features.ts';
import { Anchor, Button } from '@mantine/core';
import { IconLayoutGrid, IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { ProblemBanner } from '../../ui/problem-banner.tsx';
import { EmptyState, ErrorState, ListSkeleton } from '../../ui/states.tsx';
import { useFormat } from '../marketplace/use-format.ts';
import { useShop } from '../session/use-shop.ts';
import { shopFeaturesQuery } from './api/get-shop-features.ts';
import { deleteShopFeature } from './api/write-shop-feature.ts';
import { FeatureState, usePeriodText } from './feature-state.tsx';

/** The shop's features: set up, change, delete. */
export function FeatureListPage() {
  const { t } = useTranslation();
  const { shopId } = useParams({ from: '/signed-in/shops/$shopId/features' });
  const shop = useShop(shopId);
  const features = useQuery(shopFeaturesQuery(shop.id));
  const [deleting, setDeleting] = useState<ShopFeature | null>(null);
  const columns = useColumns(shopId, setDeleting);
  const create = (
    <Button component={Link} to={`/shops/${shopId}/features/new`} leftSection={<IconPlus size={16} />}>
      {t('features.create')}
    </Button>
  );
  return (
    <>
      <PageHead title={t('features.title')} lead={t('features.lead')} actions={create} />
      {features.isPending && <ListSkeleton />}
      {features.isError && <ErrorState error={features.error} onRetry={() => void features.refetch()} />}
      {features.data?.features.length === 0 && (
        <EmptyState
          icon={<IconLayoutGrid />}
          title={t('features.noneTitle')}
          text={t('features.noneText')}
          action={create}
        />
      )}
      {features.data !== undefined && features.data.features.length > 0 && (
        <DataTable
          caption={t('features.title')}
          columns={columns}
          rows={features.data.features}
          rowKey={({ id }) => id}
        />
      )}
      {deleting !== null && <DeleteDialog shopId={shop.id} feature={deleting} onClose={() => setDeleting(null)} />}
    </>
  );
}

function useColumns(shopId: string, onDelete: (feature: ShopFeature) => void): Column<ShopFeature>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const period = usePeriodText();
  return [
    {
      key: 'title',
      label: t('features.name'),
      render: (feature) => (
        <Anchor component={Link} to={`/shops/${shopId}/features/${feature.id}`}>
          {feature.title}
        </Anchor>
      ),
    },
    { key: 'period', label: t('features.period'), render: period },
    { key: 'items', label: t('features.items'), figure: true, render: ({ items }) => format.number(items) },
    { key: 'state', label: t('coupon.stateLabel'), render: ({ state }) => <FeatureState state={state} /> },
    {
      key: 'actions',
      label: <span className="cp-sr">{t('common.actions')}</span>,
      render: (feature) => (
        <Button
          variant="default"
          size="compact-sm"
          aria-label={`${t('features.delete')}: ${feature.title}`}
          onClick={() => onDelete(feature)}
        >
          {t('features.delete')}
        </Button>
      ),
    },
  ];
}

interface DeleteDialogProps {
  shopId: number;
  feature: ShopFeature;
  onClose: () => void;
}

function DeleteDialog({ shopId, feature, onClose }: DeleteDialogProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const drop = useMutation({
    mutationFn: () => deleteShopFeature(shopId, feature.id),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['shops', shopId, 'features'] });
      onClose();
    },
  });
  return (
    <ConfirmDialog
      opened
      title={t('features.deleteTitle', { title: feature.title })}
      confirm={t('features.delete')}
      busy={drop.isPending}
      onConfirm={() => drop.mutate()}
      onClose={onClose}
    >
      <p style={{ margin: 0 }}>{t('features.deleteText')}</p>
      {drop.isError && <ProblemBanner error={drop.error} />}
    </ConfirmDialog>
  );
}
