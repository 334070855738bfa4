import type { TwoFactorSecret } from '@coupon-push/contract/session.ts';
import { Button, Group, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { problemOf } from '../../lib/http.ts';
import { useProblemText } from '../../lib/use-problem-text.ts';
import { CopyTextButton } from '../../ui/copy-text-button.tsx';
import { ProblemBanner } from '../../ui/problem-banner.tsx';
import classes from './account.module.css';
import { confirmCode } from './api/two-factor.ts';
import { BackupCodes } from './backup-codes.tsx';
import { QrCode } from './qr-code.tsx';
import { grouped } from './rules.ts';

interface SetUpProps {
  secret: TwoFactorSecret;
  email: string;
  onConfirmed: () => Promise<void>;
  onCancel: () => void;
}

/** Three steps: the secret into the app, the backup codes to a safe place, a first code back. */
export function SetUpTwoFactor({ secret, email, onConfirmed, onCancel }: SetUpProps) {
  const { t } = useTranslation();
  const { ofField } = useProblemText();
  const [code, setCode] = useState('');
  const confirm = useMutation({
    mutationFn: async () => {
      await confirmCode(code);
      await onConfirmed();
    },
  });
  const field = confirm.isError ? problemOf(confirm.error).fields[0] : undefined;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        confirm.mutate();
      }}
    >
      <ol className={classes.steps}>
        <li>
          {t('twoFactor.scan')}
          <div className={classes.setUp}>
            <QrCode text={secret.uri} label={t('twoFactor.qr')} />
            <div className={classes.secret}>
              <span className="cp-note">{t('twoFactor.orType')}</span>
              <code>{grouped(secret.secret)}</code>
              <CopyTextButton text={secret.secret} size="compact-sm" />
            </div>
          </div>
        </li>
        <li>
          <BackupCodes codes={secret.backupCodes} email={email} />
        </li>
        <li>
          {t('twoFactor.confirmText')}
          {confirm.isError && field === undefined && <ProblemBanner error={confirm.error} />}
          <Group gap="xs" align="flex-start" mt={8}>
            <TextInput
              aria-label={t('signIn.code')}
              placeholder="123456"
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={10}
              w={140}
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
              error={field && ofField(field)}
            />
            <Button type="submit" loading={confirm.isPending} disabled={code.trim() === ''}>
              {t('twoFactor.turnOn')}
            </Button>
            <Button variant="default" onClick={onCancel}>
              {t('common.cancel')}
            </Button>
          </Group>
        </li>
      </ol>
    </form>
  );
}
