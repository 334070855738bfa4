import type { FieldError } from '@coupon-push/contract/problem.ts';
import { Checkbox, Group, NumberInput, Radio, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { Controller, type UseFormReturn } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { useProblemText } from '../../lib/use-problem-text.ts';
import { DayInput } from '../../ui/day-input.tsx';
import { FieldErrorText, FormRow } from '../../ui/form-row.tsx';
import { useFormat } from '../marketplace/use-format.ts';
import type { CouponForm } from './rules.ts';

interface CouponFieldsProps {
  form: UseFormReturn<CouponForm>;
  /** By the contract's paths: `discount.amountMinor`. */
  errors: FieldError[];
}

export function CouponFields({ form, errors }: CouponFieldsProps) {
  const { t } = useTranslation();
  const { ofField } = useProblemText();
  const values = form.watch();
  const errorOf = (field: string) => {
    const found = errors.find((error) => error.field === field);
    return found === undefined ? undefined : ofField(found);
  };
  const common = { form, errorOf };

  return (
    <>
      <FormRow field="name" label={t('coupon.name')} labelFor="coupon-name" error={errorOf('name')}>
        <TextInput
          id="coupon-name"
          maxLength={60}
          aria-invalid={errorOf('name') !== undefined}
          {...form.register('name')}
        />
        <p className="cp-note">{t('coupons.nameHint')}</p>
      </FormRow>

      <FormRow field="discount" label={t('coupon.discount')}>
        <KindRadios
          form={form}
          name="discountKind"
          label={t('coupon.discount')}
          options={[
            { value: 'amount', label: t('coupons.amount') },
            { value: 'percent', label: t('coupons.percent') },
          ]}
        />
        {values.discountKind === 'amount' ? (
          <Amount {...common} name="amount" path="discount.amountMinor" label={t('coupons.amount')} money />
        ) : (
          <>
            <Amount {...common} name="percent" path="discount.percent" label={t('coupons.percent')} suffix="%" />
            <Checkbox label={t('coupons.limited')} {...form.register('limited')} />
            {values.limited && (
              <Amount
                {...common}
                name="maxAmount"
                path="discount.maxAmountMinor"
                label={t('coupons.maxAmount')}
                money
              />
            )}
          </>
        )}
      </FormRow>

      <FormRow field="minPurchase" label={t('coupon.condition')}>
        <Amount {...common} name="minPurchase" path="minPurchaseMinor" label={t('coupon.condition')} money />
        <p className="cp-note">{t('coupons.conditionHint')}</p>
      </FormRow>

      <FormRow field="validity" label={t('coupon.validity')}>
        <KindRadios
          form={form}
          name="validityKind"
          label={t('coupon.validity')}
          options={[
            { value: 'days', label: t('coupons.fromIssue') },
            { value: 'period', label: t('coupons.period') },
          ]}
        />
        {values.validityKind === 'days' ? (
          <Amount
            {...common}
            name="days"
            path="validity.days"
            label={t('coupons.days')}
            suffix={t('coupons.daysUnit')}
          />
        ) : (
          <Group gap="xs" align="flex-start">
            <Day {...common} name="from" path="validity.from" label={t('coupons.from')} />
            <span style={{ lineHeight: '36px' }}>~</span>
            <Day {...common} name="until" path="validity.until" label={t('coupons.until')} min={values.from} />
          </Group>
        )}
      </FormRow>

      <FormRow field="limits" label={t('coupons.limits.label')}>
        <Group gap="lg" align="flex-start">
          <Limit label={t('coupons.limits.uses')}>
            <Amount
              {...common}
              name="useLimit"
              path="useLimit"
              label={t('coupons.limits.uses')}
              suffix={t('coupons.limits.unit')}
            />
          </Limit>
          <Limit label={t('coupons.limits.budget')}>
            <Amount {...common} name="budget" path="budgetMinor" label={t('coupons.limits.budget')} money />
          </Limit>
        </Group>
        <p className="cp-note">{t('coupons.limits.hint')}</p>
      </FormRow>

      <FormRow field="qstoreOnly" label={t('coupons.qstore')}>
        <Checkbox label={t('coupons.qstoreOnly')} {...form.register('qstoreOnly')} />
        <p className="cp-note">{t('apply.coupon.qstoreNote')}</p>
      </FormRow>
    </>
  );
}

/** Two fields side by side need their names beside them, too. */
function Limit({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <div className="cp-note" aria-hidden>
        {label}
      </div>
      {children}
    </div>
  );
}

interface KindRadiosProps {
  form: UseFormReturn<CouponForm>;
  name: 'discountKind' | 'validityKind';
  label: string;
  options: { value: string; label: string }[];
}

function KindRadios({ form, name, label, options }: KindRadiosProps) {
  return (
    <Controller
      control={form.control}
      name={name}
      render={({ field }) => (
        <Radio.Group aria-label={label} value={field.value} onChange={field.onChange}>
          <Group gap="lg">
            {options.map((option) => (
              <Radio key={option.value} value={option.value} label={option.label} />
            ))}
          </Group>
        </Radio.Group>
      )}
    />
  );
}

interface PartProps {
  form: UseFormReturn<CouponForm>;
  errorOf: (field: string) => string | undefined;
  path: string;
  label: string;
}

interface AmountProps extends PartProps {
  name: 'amount' | 'percent' | 'maxAmount' | 'minPurchase' | 'days' | 'useLimit' | 'budget';
  /** An amount in the marketplace's currency. */
  money?: boolean;
  suffix?: string;
}

function Amount({ form, errorOf, name, path, label, money = false, suffix }: AmountProps) {
  const format = useFormat();
  const error = errorOf(path);
  const decimals = money && format.minorUnits > 1;
  return (
    <div data-field={path}>
      <Controller
        control={form.control}
        name={name}
        render={({ field }) => (
          <NumberInput
            ref={field.ref}
            aria-label={label}
            w={168}
            min={0}
            allowNegative={false}
            allowDecimal={decimals}
            clampBehavior="none"
            thousandSeparator=","
            hideControls
            rightSection={<span>{money ? format.currency : suffix}</span>}
            rightSectionWidth={52}
            rightSectionPointerEvents="none"
            styles={{ input: { textAlign: 'right' } }}
            aria-invalid={error !== undefined}
            error={error !== undefined}
            value={field.value}
            onBlur={field.onBlur}
            onChange={(value) => field.onChange(typeof value === 'number' ? value : '')}
          />
        )}
      />
      {error !== undefined && <FieldErrorText>{error}</FieldErrorText>}
    </div>
  );
}

interface DayProps extends PartProps {
  name: 'from' | 'until';
  min?: string;
}

function Day({ form, errorOf, name, path, label, min = '' }: DayProps) {
  const error = errorOf(path);
  return (
    <div data-field={path}>
      <Controller
        control={form.control}
        name={name}
        render={({ field }) => (
          <DayInput
            label={label}
            value={field.value}
            onChange={field.onChange}
            min={min === '' ? undefined : min}
            error={error !== undefined}
          />
        )}
      />
      {error !== undefined && <FieldErrorText>{error}</FieldErrorText>}
    </div>
  );
}
