import type { InvitationView } from '@coupon-push/contract/people.ts';
import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { problemOf } from '../../lib/http.ts';
import { useLanguage } from '../../lib/i18n.ts';
import { useProblemText } from '../../lib/use-problem-text.ts';
import { ProblemBanner } from '../../ui/problem-banner.tsx';
import { passwordLength } from '../account/rules.ts';
import { signIn } from '../session/api/sign-in.ts';
import { acceptInvitation } from './api/accept-invitation.ts';

interface NewAccountFormProps {
  token: string;
  invitation: InvitationView;
  onJoined: (shopId: number) => Promise<void>;
}

/** Name and password for the address that was invited; joined and signed in at once. */
export function NewAccountForm({ token, invitation, onJoined }: NewAccountFormProps) {
  const { t } = useTranslation();
  const { ofField } = useProblemText();
  const language = useLanguage();
  const form = useForm({ defaultValues: { name: '', password: '' } });
  const { errors } = form.formState;
  const join = useMutation({
    mutationFn: async ({ name, password }: { name: string; password: string }) => {
      const shopId = await acceptInvitation(token, { account: { name: name.trim(), password, language } });
      await signIn({ email: invitation.email, password });
      await onJoined(shopId);
    },
    onError: (error) => {
      for (const field of problemOf(error).fields) {
        form.setError(field.field.endsWith('name') ? 'name' : 'password', { message: ofField(field) });
      }
    },
  });
  const hint = t('account.passwordHint', passwordLength);
  return (
    <form onSubmit={form.handleSubmit((typed) => join.mutate(typed))} noValidate>
      <Stack gap="md">
        {join.isError && problemOf(join.error).fields.length === 0 && <ProblemBanner error={join.error} />}
        <TextInput label={t('signIn.email')} type="email" autoComplete="username" readOnly value={invitation.email} />
        <TextInput
          label={t('account.name')}
          autoComplete="name"
          maxLength={100}
          error={errors.name?.message}
          {...form.register('name', { validate: (typed) => typed.trim() !== '' || t('join.nameNeeded') })}
        />
        <PasswordInput
          label={t('signIn.password')}
          description={hint}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
          error={errors.password?.message}
          {...form.register('password', {
            required: hint,
            minLength: { value: passwordLength.min, message: hint },
            maxLength: { value: passwordLength.max, message: hint },
          })}
        />
        <Button type="submit" loading={join.isPending}>
          {t('join.create')}
        </Button>
      </Stack>
    </form>
  );
}
