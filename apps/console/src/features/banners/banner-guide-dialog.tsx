import type { Marketplace } from '@coupon-push/contract/session.ts';
import { List, Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';

interface BannerGuideDialogProps {
  opened: boolean;
  onClose: () => void;
  rules: Marketplace['banner'];
}

/** What a banner must be. */
export function BannerGuideDialog({ opened, onClose, rules }: BannerGuideDialogProps) {
  const { t } = useTranslation();
  const sizes = rules.sizes.map(({ width, height }) => `${width}px*${height}px`).join(' / ');
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Banner Guide"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <List spacing="xs">
        <List.Item>{t('bannerGuide.size', { sizes })}</List.Item>
        <List.Item>{t('bannerGuide.type')}</List.Item>
        <List.Item>
          {t('bannerGuide.weight', { megabytes: Math.round((rules.maxBytes / 1024 / 1024) * 10) / 10 })}
        </List.Item>
        <List.Item>{t('bannerGuide.place')}</List.Item>
        <List.Item>{t('bannerGuide.text')}</List.Item>
      </List>
    </Modal>
  );
}
