import { PasswordInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { problemOf } from '../../lib/http.ts';
import { useProblemText } from '../../lib/use-problem-text.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { ProblemBanner } from '../../ui/problem-banner.tsx';

interface PasswordDialogProps {
  title: string;
  text: string | null;
  /** Rejects with the refusal of the API. */
  onPassword: (password: string) => Promise<void>;
  onClose: () => void;
}

/** Asks for the password again, before something that a passer-by must not be able to do. */
export function PasswordDialog({ title, text, onPassword, onClose }: PasswordDialogProps) {
  const { t } = useTranslation();
  const { ofField } = useProblemText();
  const [password, setPassword] = useState('');
  const act = useMutation({ mutationFn: () => onPassword(password) });
  const field = act.isError ? problemOf(act.error).fields[0] : undefined;
  return (
    <ConfirmDialog
      opened
      title={title}
      confirm={title}
      busy={act.isPending}
      ready={password !== ''}
      onConfirm={() => act.mutate()}
      onClose={onClose}
    >
      {text !== null && <p style={{ margin: 0 }}>{text}</p>}
      {act.isError && field === undefined && <ProblemBanner error={act.error} />}
      <PasswordInput
        label={t('account.currentPassword')}
        autoComplete="current-password"
        data-autofocus
        visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        error={field && ofField(field)}
      />
    </ConfirmDialog>
  );
}
