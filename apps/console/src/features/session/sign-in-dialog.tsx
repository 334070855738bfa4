import { Modal } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { isSignInNeeded, onSignInNeeded, signedInAgain } from '../../lib/sign-in-gate.ts';
import { meQuery } from './api/get-me.ts';
import { SignInForm } from './sign-in-form.tsx';

/** Asks to sign in again over whatever is open, then lets the held requests go on. */
export function SignInDialog() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const needed = useSyncExternalStore(onSignInNeeded, isSignInNeeded);
  const before = client.getQueryData(meQuery.queryKey);

  const onSignedIn = async () => {
    const me = await client.fetchQuery({ ...meQuery, staleTime: 0 });
    // Somebody else: the open page is not theirs.
    if (before !== undefined && before.user.id !== me.user.id) location.assign('/');
    else signedInAgain();
  };

  return (
    <Modal
      opened={needed}
      onClose={() => {}}
      title={t('signIn.againTitle')}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      zIndex={500}
    >
      <p className="cp-note" style={{ marginBottom: 12 }}>
        {t('signIn.againText')}
      </p>
      <SignInForm email={before?.user.email ?? ''} onSignedIn={onSignedIn} />
    </Modal>
  );
}
