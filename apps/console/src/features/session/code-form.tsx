import { Alert, Anchor, Button, Checkbox, Stack, TextInput } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { type SignInRefusal, verifyCode } from './api/sign-in.ts';

interface CodeFormProps {
  onSignedIn: () => Promise<void> | void;
  /** Back to the password, with the reason if there is one. */
  onAgain: (why: SignInRefusal | null) => void;
}

/** The second step of signing in: a code of the authenticator app, or one of the backup codes. */
export function CodeForm({ onSignedIn, onAgain }: CodeFormProps) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<'totp' | 'backup-code'>('totp');
  const [refusal, setRefusal] = useState<SignInRefusal | null>(null);
  const form = useForm({ defaultValues: { code: '', trustDevice: false } });
  const { errors, isSubmitting } = form.formState;
  const { setFocus } = form;
  const backup = kind === 'backup-code';

  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever another code is asked for
  useEffect(() => setFocus('code'), [kind, setFocus]);

  const submit = form.handleSubmit(async ({ code, trustDevice }) => {
    const answer = await verifyCode(kind, { code: code.replace(/\s/g, ''), trustDevice });
    if (answer === 'signed_in') return await onSignedIn();
    const refused = typeof answer === 'object' ? answer.refused : 'other';
    if (refused === 'code_expired') return onAgain(refused);
    setRefusal(refused);
    form.setFocus('code', { shouldSelect: true });
  });

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {refusal !== null && (
          <Alert color="red" variant="light" role="alert" icon={<IconAlertCircle aria-hidden />}>
            {t(`signIn.refused.${refusal}`)}
          </Alert>
        )}
        <TextInput
          label={t(backup ? 'signIn.backupCode' : 'signIn.code')}
          description={t(backup ? 'signIn.backupCodeHint' : 'signIn.codeHint')}
          inputMode={backup ? 'text' : 'numeric'}
          autoComplete="one-time-code"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={20}
          error={errors.code?.message}
          {...form.register('code', { required: t('signIn.codeNeeded') })}
        />
        <Checkbox label={t('signIn.trustDevice')} {...form.register('trustDevice')} />
        <Button type="submit" loading={isSubmitting}>
          {t('signIn.submit')}
        </Button>
        <Stack gap={6} align="flex-start">
          <Anchor
            component="button"
            type="button"
            size="sm"
            onClick={() => {
              setRefusal(null);
              form.reset();
              setKind(backup ? 'totp' : 'backup-code');
            }}
          >
            {t(backup ? 'signIn.useApp' : 'signIn.useBackupCode')}
          </Anchor>
          <Anchor component="button" type="button" size="sm" onClick={() => onAgain(null)}>
            {t('signIn.again')}
          </Anchor>
        </Stack>
      </Stack>
    </form>
  );
}
