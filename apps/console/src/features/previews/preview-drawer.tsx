import type { PreviewRequest } from '@coupon-push/contract/pushes.ts';
import { Drawer } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import classes from './preview.module.css';
import { PreviewPanel } from './preview-panel.tsx';

interface PreviewDrawerProps {
  opened: boolean;
  onClose: () => void;
  shopId: number;
  request: PreviewRequest | null;
}

/** The preview with room: the e-mail in its full width, or the whole screen of a phone. */
export function PreviewDrawer({ opened, onClose, shopId, request }: PreviewDrawerProps) {
  const { t } = useTranslation();
  const narrow = useMediaQuery('(max-width: 47.99em)') ?? false;
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size={narrow ? '100%' : 760}
      title={t('preview.title')}
      classNames={{ body: classes.drawer ?? '', content: classes.drawerContent ?? '' }}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <PreviewPanel shopId={shopId} request={request} width={narrow ? 'phone' : 'desktop'} />
    </Drawer>
  );
}
