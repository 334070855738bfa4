import { Alert, Button, Group, PasswordInput } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { problemOf } from '../../lib/http.ts';
import { useProblemText } from '../../lib/use-problem-text.ts';
import { ProblemBanner } from '../../ui/problem-banner.tsx';
import classes from './account.module.css';
import { changePassword } from './api/change-password.ts';
import { passwordLength } from './rules.ts';

const nothing = { currentPassword: '', newPassword: '', repeated: '' };

/** The current password, the new one twice; every other session ends with it. */
export function PasswordForm() {
  const { t } = useTranslation();
  const { ofField } = useProblemText();
  const form = useForm({ defaultValues: nothing });
  const { errors } = form.formState;
  const change = useMutation({
    mutationFn: changePassword,
    onSuccess: () => form.reset(nothing),
    onError: (error) => {
      for (const field of problemOf(error).fields) {
        const name = field.field === 'currentPassword' ? 'currentPassword' : 'newPassword';
        form.setError(name, { message: ofField(field) }, { shouldFocus: true });
      }
    },
  });
  const submit = form.handleSubmit(({ currentPassword, newPassword }) => {
    change.mutate({ currentPassword, newPassword });
  });
  const eye = { visibilityToggleButtonProps: { 'aria-label': t('signIn.showPassword') } };

  return (
    <form onSubmit={submit} noValidate>
      <div className={classes.fields}>
        {change.isSuccess && (
          <Alert color="green" variant="light" role="status" icon={<IconCircleCheck aria-hidden />}>
            {t('account.passwordChanged')}
          </Alert>
        )}
        {change.isError && problemOf(change.error).fields.length === 0 && <ProblemBanner error={change.error} />}
        <PasswordInput
          {...eye}
          label={t('account.currentPassword')}
          autoComplete="current-password"
          error={errors.currentPassword?.message}
          {...form.register('currentPassword', { required: t('signIn.passwordNeeded') })}
        />
        <PasswordInput
          {...eye}
          label={t('account.newPassword')}
          description={t('account.passwordHint', passwordLength)}
          autoComplete="new-password"
          error={errors.newPassword?.message}
          {...form.register('newPassword', {
            minLength: { value: passwordLength.min, message: t('account.passwordHint', passwordLength) },
            maxLength: { value: passwordLength.max, message: t('account.passwordHint', passwordLength) },
            required: t('account.passwordHint', passwordLength),
          })}
        />
        <PasswordInput
          {...eye}
          label={t('account.repeatPassword')}
          autoComplete="new-password"
          error={errors.repeated?.message}
          {...form.register('repeated', {
            validate: (typed, all) => typed === all.newPassword || t('account.notTheSame'),
          })}
        />
        <Group>
          <Button type="submit" loading={change.isPending}>
            {t('account.changePassword')}
          </Button>
        </Group>
        <p className="cp-note">{t('account.sessionsEnd')}</p>
      </div>
    </form>
  );
}
