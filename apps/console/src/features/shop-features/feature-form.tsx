import type { FeatureDetail } from '@coupon-push/contract/features.ts';
import { Alert, Anchor, Button, Group, TextInput } from '@mantine/core';
import { IconCircleCheck, IconExternalLink } from '@tabler/icons-react';
import { useBlocker } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { problemOf } from '../../lib/http.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { DayInput } from '../../ui/day-input.tsx';
import { FormRow } from '../../ui/form-row.tsx';
import { ProblemBanner } from '../../ui/problem-banner.tsx';
import { useFormat } from '../marketplace/use-format.ts';
import { FeatureItems } from './feature-items.tsx';
import classes from './features.module.css';
import { useFeatureForm } from './use-feature-form.ts';

interface FeatureFormProps {
  shop: { id: number; name: string };
  /** The one to change; without, a new one. */
  feature?: FeatureDetail;
}

/** Title, period and items of a feature. */
export function FeatureForm({ shop, feature }: FeatureFormProps) {
  const { t } = useTranslation();
  const { zoneName } = useFormat();
  const { values, change, changed, save, submit, errorOf } = useFeatureForm(shop.id, feature);
  const isNew = feature === undefined;
  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <LeaveGuard changed={changed} />
      <FormRow field="title" label={t('features.name')} labelFor="feature-title" error={errorOf('title')}>
        <TextInput
          id="feature-title"
          maxLength={80}
          aria-invalid={errorOf('title') !== undefined}
          value={values.title}
          onChange={(event) => change({ title: event.currentTarget.value })}
        />
      </FormRow>
      <FormRow field="endsOn" label={t('features.period')} error={errorOf('endsOn') ?? errorOf('startsOn')}>
        <Group gap="xs">
          <DayInput
            label={`${t('features.period')}: ${t('common.from')}`}
            value={values.startsOn}
            onChange={(startsOn) => change({ startsOn })}
          />
          <span>~</span>
          <DayInput
            label={`${t('features.period')}: ${t('common.until')}`}
            value={values.endsOn}
            onChange={(endsOn) => change({ endsOn })}
            error={errorOf('endsOn') !== undefined}
          />
          <span className="cp-note">{zoneName}</span>
        </Group>
        <p className="cp-note">{t('features.periodHint')}</p>
      </FormRow>
      <FormRow field="itemIds" label={t('features.items')} error={errorOf('itemIds')}>
        <FeatureItems shop={shop} items={values.items} onChange={(items) => change({ items })} />
        {!isNew && <p className="cp-note">{t('features.offSale')}</p>}
      </FormRow>
      {!isNew && (
        <FormRow field="url" label={t('features.page')}>
          <Anchor href={feature.url} target="_blank" rel="noreferrer">
            {feature.url} <IconExternalLink size={14} aria-label={t('common.newTab')} />
          </Anchor>
        </FormRow>
      )}
      {save.isSuccess && !isNew && (
        <Alert color="green" variant="light" role="status" icon={<IconCircleCheck aria-hidden />}>
          {t('features.saved')}
        </Alert>
      )}
      {save.isError && problemOf(save.error).fields.length === 0 && <ProblemBanner error={save.error} />}
      <Group justify="flex-end">
        <Button type="submit" loading={save.isPending}>
          {t(isNew ? 'features.create' : 'features.save')}
        </Button>
      </Group>
    </form>
  );
}

/** Asks before a page with changes that nobody saved is left. */
function LeaveGuard({ changed }: { changed: boolean }) {
  const { t } = useTranslation();
  const blocker = useBlocker({ shouldBlockFn: () => changed, enableBeforeUnload: () => changed, withResolver: true });
  return (
    <ConfirmDialog
      opened={blocker.status === 'blocked'}
      title={t('features.leaveTitle')}
      confirm={t('features.leave')}
      onConfirm={() => blocker.proceed?.()}
      onClose={() => blocker.reset?.()}
    >
      <p style={{ margin: 0 }}>{t('features.leaveText')}</p>
    </ConfirmDialog>
  );
}
