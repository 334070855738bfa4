import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { marketplaceQuery } from '../marketplace/api/get-marketplace.ts';
import { type Credentials, type SignInRefusal, signIn } from './api/sign-in.ts';
import { CodeForm } from './code-form.tsx';
import classes from './sign-in.module.css';

interface SignInFormProps {
  email?: string;
  /** Offer the demo's accounts, where there are any. */
  offerDemo?: boolean;
  onSignedIn: () => Promise<void> | void;
}

/** E-mail and password, then a code where the account asks for one; in the demo also the accounts that can be used. */
export function SignInForm({ email = '', offerDemo = true, onSignedIn }: SignInFormProps) {
  const { t } = useTranslation();
  const [refusal, setRefusal] = useState<SignInRefusal | null>(null);
  const [codeAsked, setCodeAsked] = useState(false);
  const form = useForm<Credentials>({ defaultValues: { email, password: '' } });
  const { errors, isSubmitting } = form.formState;

  const submit = form.handleSubmit(async (credentials) => {
    const answer = await signIn(credentials);
    setRefusal(typeof answer === 'object' ? answer.refused : null);
    if (answer === 'signed_in') await onSignedIn();
    else if (answer === 'code') setCodeAsked(true);
    else form.setFocus(answer.refused === 'wrong' ? 'password' : 'email');
  });

  if (codeAsked) {
    const again = (why: SignInRefusal | null) => {
      setRefusal(why);
      setCodeAsked(false);
    };
    return <CodeForm onSignedIn={onSignedIn} onAgain={again} />;
  }
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
        {offerDemo && (
          <DemoAccounts
            onChoose={(account) => {
              form.setValue('email', account.email);
              form.setValue('password', account.password);
              void submit();
            }}
          />
        )}
      </Stack>
    </form>
  );
}

function DemoAccounts({ onChoose }: { onChoose: (account: Credentials) => void }) {
  const { t } = useTranslation();
  const { data: marketplace } = useSuspenseQuery(marketplaceQuery);
  if (!marketplace.demo || marketplace.demoSignIns.length === 0) return null;
  return (
    <section className={classes.demo} aria-label={t('signIn.demoTitle')}>
      <p className="cp-note">{t('signIn.demoTitle')}</p>
      {marketplace.demoSignIns.map((account) => (
        <button key={account.email} type="button" className={classes.account} onClick={() => onChoose(account)}>
          <span>{account.label}</span>
          <span className={classes.secret}>
            {account.email} / {account.password}
          </span>
        </button>
      ))}
    </section>
  );
}
