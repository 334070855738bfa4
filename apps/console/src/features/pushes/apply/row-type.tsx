import { Group, Radio } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { FormRow } from '../../../ui/form-row.tsx';
import { useApply } from './apply-context.ts';
import { QuotaNote } from './quota-note.tsx';

export function TypeRow() {
  const { t } = useTranslation();
  const { values, slots, change, errorOf } = useApply();
  return (
    <FormRow field="type" label={t('apply.type.label')} error={errorOf('type')}>
      <Radio.Group
        aria-label={t('apply.type.label')}
        value={values.type}
        onChange={(type) => change({ type: type === 'compensation' ? 'compensation' : 'promotion' })}
      >
        <Group gap="lg" mt={6}>
          <Radio value="promotion" label={t('apply.type.promotion')} />
          <Radio value="compensation" label={t('apply.type.compensation')} />
        </Group>
      </Radio.Group>
      <p className="cp-note">{t(`apply.type.says.${values.type}`)}</p>
      <p className="cp-note">* {t('apply.type.weekly')}</p>
      {slots !== undefined && <QuotaNote slots={slots} />}
    </FormRow>
  );
}
