import type { Audience } from '@coupon-push/contract/audience.ts';
import { Group, NativeSelect, Radio, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { FieldErrorText, FormRow } from '../../../ui/form-row.tsx';
import { LazyDayInput } from '../../../ui/lazy-day-input.tsx';
import { ErrorState } from '../../../ui/states.tsx';
import { audienceQuery } from '../../audiences/api/get-audience.ts';
import { HeldBackList } from '../../audiences/held-back-list.tsx';
import { marketplaceNow } from '../../marketplace/clock.ts';
import { dayOf } from '../../marketplace/days.ts';
import { useFormat } from '../../marketplace/use-format.ts';
import classes from './apply.module.css';
import { useApply } from './apply-context.ts';
import { registeredOf } from './rules.ts';

export function SendToRow() {
  const { t } = useTranslation();
  return (
    <FormRow field="sendTo" label={t('apply.sendTo.label')} labelFor="send-to">
      <NativeSelect
        id="send-to"
        className={classes.short ?? ''}
        data={[{ value: 'fellows', label: t('apply.sendTo.fellows') }]}
      />
    </FormRow>
  );
}

export function FilterRow() {
  const { t } = useTranslation();
  const { values, change, errorOf } = useApply();
  const format = useFormat();
  const today = dayOf(marketplaceNow(), format.zone);
  const error = errorOf('registered');
  return (
    <FormRow field="registered" label={t('apply.filter.label')}>
      <LiveCount />
      <Radio.Group
        label={t('apply.filter.registered')}
        classNames={{ label: classes.inlineLabel ?? '' }}
        value={values.registeredMode}
        onChange={(mode) => change({ registeredMode: mode === 'period' ? 'period' : 'all' })}
      >
        <div className={classes.options}>
          <Radio value="all" label={t('apply.filter.all')} />
          <Group gap="xs">
            <Radio value="period" label={t('apply.filter.period')} />
            {values.registeredMode === 'period' && (
              <Group gap="xs">
                <LazyDayInput
                  label={t('apply.filter.from')}
                  value={values.from}
                  max={today}
                  error={error !== undefined && values.from === ''}
                  onChange={(from) => change({ from })}
                />
                <span>~</span>
                <LazyDayInput
                  label={t('apply.filter.until')}
                  value={values.until}
                  max={today}
                  error={error !== undefined}
                  onChange={(until) => change({ until })}
                />
              </Group>
            )}
          </Group>
        </div>
      </Radio.Group>
      {error !== undefined && <FieldErrorText>{error}</FieldErrorText>}
    </FormRow>
  );
}

/** How many fellows match the filter now, how many of them can be reached, and why the others cannot (spec 3.7, 3.9). */
function LiveCount() {
  const { shop, values } = useApply();
  const registered = registeredOf(values);
  const audience = useQuery({ ...audienceQuery(shop.id, registered ?? null), enabled: registered !== undefined });
  if (audience.isPending) return <Skeleton height={44} />;
  if (audience.isError) return <ErrorState error={audience.error} onRetry={() => void audience.refetch()} />;
  return (
    <div aria-live="polite" aria-busy={audience.isPlaceholderData} className={classes.count}>
      <Counted audience={audience.data} />
    </div>
  );
}

function Counted({ audience }: { audience: Audience }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      <p className={classes.fellows}>
        {t('apply.filter.fellows', { count: audience.matching, number: format.number(audience.matching) })}
      </p>
      <p className={classes.reachable}>
        {t('apply.filter.reachable', { number: format.number(audience.reachable) })}
        {audience.matching > audience.reachable && (
          <> {t('apply.filter.heldBack', { number: format.number(audience.matching - audience.reachable) })}</>
        )}
      </p>
      <HeldBackList heldBack={audience.heldBack} />
      <p className="cp-note">{t('apply.filter.estimate')}</p>
    </>
  );
}
