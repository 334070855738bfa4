import { Button, Group } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { CopyTextButton } from '../../ui/copy-text-button.tsx';
import classes from './account.module.css';

/** Shown once: copied or saved now, or made anew later. */
export function BackupCodes({ codes, email }: { codes: string[]; email: string }) {
  const { t } = useTranslation();
  const text = `Coupon Push ${email}\n\n${codes.join('\n')}\n`;
  return (
    <div>
      <p style={{ margin: 0 }}>{t('twoFactor.codesText')}</p>
      <ul className={classes.codes} aria-label={t('twoFactor.codes')}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Group gap="xs">
        <Button
          component="a"
          variant="default"
          size="compact-sm"
          leftSection={<IconDownload size={14} />}
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}
          download="coupon-push-backup-codes.txt"
        >
          {t('twoFactor.saveCodes')}
        </Button>
        <CopyTextButton text={codes.join('\n')} size="compact-sm" />
      </Group>
    </div>
  );
}
