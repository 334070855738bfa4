import type { TwoFactorSecret } from '@coupon-push/contract/session.ts';
import { Alert, Button, Group } from '@mantine/core';
import { IconCircleCheck, IconShieldCheck, IconShieldOff } from '@tabler/icons-react';
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { StateMark } from '../../ui/state-mark.tsx';
import { meQuery } from '../session/api/get-me.ts';
import { makeBackupCodes, makeSecret, turnOff } from './api/two-factor.ts';
import { BackupCodes } from './backup-codes.tsx';
import { PasswordDialog } from './password-dialog.tsx';
import { SetUpTwoFactor } from './set-up-two-factor.tsx';

type Asking = 'on' | 'off' | 'codes' | null;

/** Turning two-factor authentication on and off; each asks for the password first. */
export function TwoFactor() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { data: me } = useSuspenseQuery(meQuery);
  const [asking, setAsking] = useState<Asking>(null);
  const [secret, setSecret] = useState<TwoFactorSecret | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const [done, setDone] = useState<'on' | 'off' | null>(null);
  const on = me.user.twoFactor;
  const refresh = () => client.fetchQuery({ ...meQuery, staleTime: 0 });

  const act = async (password: string) => {
    if (asking === 'on') setSecret(await makeSecret(password));
    if (asking === 'codes') setCodes(await makeBackupCodes(password));
    if (asking === 'off') {
      await turnOff(password);
      setCodes(null);
      await refresh();
      setDone('off');
    }
    setAsking(null);
  };

  return (
    <>
      <div>
        <StateMark
          tone={on ? 'good' : 'quiet'}
          icon={on ? IconShieldCheck : IconShieldOff}
          text={t(on ? 'twoFactor.isOn' : 'twoFactor.isOff')}
        />
      </div>
      <p className="cp-note">{t('twoFactor.lead')}</p>
      {done !== null && (
        <Alert color="green" variant="light" role="status" icon={<IconCircleCheck aria-hidden />}>
          {t(done === 'on' ? 'twoFactor.turnedOn' : 'twoFactor.turnedOff')}
        </Alert>
      )}
      {secret !== null && (
        <SetUpTwoFactor
          secret={secret}
          email={me.user.email}
          onCancel={() => setSecret(null)}
          onConfirmed={async () => {
            await refresh();
            setSecret(null);
            setDone('on');
          }}
        />
      )}
      {codes !== null && <BackupCodes codes={codes} email={me.user.email} />}
      {secret === null && (
        <Group gap="xs">
          {!on && <Button onClick={() => setAsking('on')}>{t('twoFactor.turnOn')}</Button>}
          {on && (
            <>
              <Button variant="default" onClick={() => setAsking('codes')}>
                {t('twoFactor.newCodes')}
              </Button>
              <Button variant="default" onClick={() => setAsking('off')}>
                {t('twoFactor.turnOff')}
              </Button>
            </>
          )}
        </Group>
      )}
      {asking !== null && (
        <PasswordDialog
          title={t(
            asking === 'on' ? 'twoFactor.turnOn' : asking === 'off' ? 'twoFactor.turnOff' : 'twoFactor.newCodes',
          )}
          text={asking === 'off' ? t('twoFactor.turnOffText') : asking === 'codes' ? t('twoFactor.newCodesText') : null}
          onPassword={act}
          onClose={() => setAsking(null)}
        />
      )}
    </>
  );
}
