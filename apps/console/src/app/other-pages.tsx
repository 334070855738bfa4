import { Button } from '@mantine/core';
import { IconBuildingStore, IconMapOff } from '@tabler/icons-react';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../lib/use-title.ts';
import { EmptyState, ErrorState, ListSkeleton } from '../ui/states.tsx';

export function PendingPage() {
  return <ListSkeleton rows={8} />;
}

export function BrokenPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return <ErrorState error={error} onRetry={retry} />;
}

export function MissingPage() {
  const { t } = useTranslation();
  useTitle(t('missing.title'));
  const home = (
    <Button component="a" href="/" variant="default">
      {t('missing.home')}
    </Button>
  );
  return <EmptyState page icon={<IconMapOff />} title={t('missing.title')} text={t('missing.text')} action={home} />;
}

export function NoShopPage() {
  const { t } = useTranslation();
  useTitle(t('noShop.title'));
  return <EmptyState page icon={<IconBuildingStore />} title={t('noShop.title')} text={t('noShop.text')} />;
}
