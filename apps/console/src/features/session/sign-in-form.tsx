import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { marketplaceQuery } from '../marketplace/api/get-marketplace.ts';
import { type Credentials, type SignInRefusal, signIn } from './api/sign-in.ts';
import classes from './sign-in.module.css';

/** E-mail and password; in the demo also the accounts that can be used. */
export function SignInForm({ email = '', onSignedIn }: { email?: string; onSignedIn: () => Promise<void> | void }) {
  const { t } = useTranslation();
  const { data: marketplace } = useSuspenseQuery(marketplaceQuery);
  const [refusal, setRefusal] = useState<SignInRefusal | null>(null);
  const form = useForm<Credentials>({ defaultValues: { email, password: '' } });
  const { errors, isSubmitting } = form.formState;

  const submit = form.handleSubmit(async (credentials) => {
    const refused = await signIn(credentials);
    setRefusal(refused);
    if (refused === null) await onSignedIn();
    else form.setFocus(refused === 'wrong' ? 'password' : 'email');
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
          label={t('signIn.email')}
          type="email"
          autoComplete="username"
          data-autofocus
          error={errors.email?.message}
          {...form.register('email', { required: t('signIn.emailNeeded') })}
        />
        <PasswordInput
          label={t('signIn.password')}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
          error={errors.password?.message}
          {...form.register('password', { required: t('signIn.passwordNeeded') })}
        />
        <Button type="submit" loading={isSubmitting}>
          {t('signIn.submit')}
        </Button>
        {marketplace.demo && marketplace.demoSignIns.length > 0 && (
          <section className={classes.demo} aria-label={t('signIn.demoTitle')}>
            <p className="cp-note">{t('signIn.demoTitle')}</p>
            {marketplace.demoSignIns.map((account) => (
              <button
                key={account.email}
                type="button"
                className={classes.account}
                onClick={() => {
                  form.setValue('email', account.email);
                  form.setValue('password', account.password);
                  void submit();
                }}
              >
                <span>{account.label}</span>
                <span className={classes.secret}>
                  {account.email} / {account.password}
                </span>
              </button>
            ))}
          </section>
        )}
      </Stack>
    </form>
  );
}
