import { type OrderState, orderStates } from '@coupon-push/contract/shop-limits.ts';
import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FilterForm, type Period, PeriodFields, periodProblem } from '../../ui/filter-form.tsx';
import type { OrderSearch } from './search.ts';

interface OrderFilterFormProps {
  period: Period;
  search: OrderSearch;
  onSearch: (search: OrderSearch) => void;
}

/** By date, state, customer and order number. An order number is looked for whenever it was ordered. */
export function OrderFilterForm({ period: first, search, onSearch }: OrderFilterFormProps) {
  const { t } = useTranslation();
  const [period, setPeriod] = useState(first);
  const [state, setState] = useState<OrderState | undefined>(search.state);
  const [customer, setCustomer] = useState(search.customer ?? '');
  const [orderNo, setOrderNo] = useState(search.orderNo ?? '');
  const [checked, setChecked] = useState(false);
  const problem = periodProblem(period);
  return (
    <FilterForm
      label={t('orders.filter')}
      onSearch={() => {
        setChecked(true);
        if (problem !== null) return;
        onSearch({
          ...period,
          state,
          customer: customer.trim() || undefined,
          orderNo: orderNo.trim() || undefined,
        });
      }}
    >
      <PeriodFields
        legend={t('orders.orderedAt')}
        {...period}
        onChange={setPeriod}
        error={checked && problem !== null ? t(problem) : null}
      />
      <NativeSelect
        label={t('orders.stateLabel')}
        value={state ?? ''}
        onChange={(event) => {
          const { value } = event.currentTarget;
          setState(orderStates.find((one) => one === value));
        }}
        data={[
          { value: '', label: t('coupons.all') },
          ...orderStates.map((one) => ({ value: one, label: t(`orders.state.${one}`) })),
        ]}
      />
      <TextInput
        label={t('orders.customer')}
        w={220}
        maxLength={200}
        value={customer}
        onChange={(event) => setCustomer(event.currentTarget.value)}
      />
      <TextInput
        label={t('orders.orderNo')}
        w={160}
        maxLength={50}
        value={orderNo}
        onChange={(event) => setOrderNo(event.currentTarget.value)}
      />
    </FilterForm>
  );
}
