import { Button, Group, NativeSelect, Radio } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormRow } from '../../../ui/form-row.tsx';
import classes from './apply.module.css';
import { useApply } from './apply-context.ts';

const ItemSearchDialog = lazy(() =>
  import('../../items/item-search-dialog.tsx').then((module) => ({ default: module.ItemSearchDialog })),
);

export function ItemsRow() {
  const { t } = useTranslation();
  const { shop, marketplace, values, change, errorOf } = useApply();
  const [searching, setSearching] = useState(false);
  const { min, max, maxChosen } = marketplace.bestItems;
  const counts = Array.from({ length: max - min + 1 }, (_, index) => min + index);
  const chosenMode = values.itemsMode === 'chosen';

  return (
    <FormRow field="items" label={t('apply.items.label')} error={errorOf('items')}>
      <Radio.Group
        aria-label={t('apply.items.label')}
        value={values.itemsMode}
        onChange={(mode) => change({ itemsMode: mode === 'chosen' ? 'chosen' : 'rank' })}
      >
        <div className={classes.options}>
          <Group gap="xs">
            <Radio value="rank" label={t('apply.items.rankBefore')} aria-label={t('apply.items.rank')} />
            <NativeSelect
              size="xs"
              aria-label={t('apply.items.count')}
              disabled={chosenMode}
              value={String(values.rankCount ?? marketplace.bestItems.default)}
              onChange={(event) => change({ rankCount: Number(event.currentTarget.value) })}
              data={counts.map((count) => ({
                value: String(count),
                label: count === marketplace.bestItems.default ? t('apply.items.default', { count }) : String(count),
              }))}
            />
            <span>{t('apply.items.rankAfter')}</span>
          </Group>
          <Group gap="xs">
            <Radio value="chosen" label={t('apply.items.chosen')} />
            <Button
              variant="default"
              size="compact-sm"
              disabled={!chosenMode}
              leftSection={<IconSearch size={14} />}
              onClick={() => setSearching(true)}
            >
              {t('apply.items.search')}
            </Button>
            {chosenMode && (
              <span className="cp-note">
                {t('apply.items.chosenCount', { count: values.chosen.length, max: maxChosen })}
              </span>
            )}
          </Group>
        </div>
      </Radio.Group>
      {chosenMode && values.chosen.length > 0 && (
        <ol className={classes.thumbs} aria-label={t('apply.items.chosen')}>
          {values.chosen.map((item) => (
            <li key={item.id}>
              <img src={item.imageUrl} alt={item.name} title={item.name} width={44} height={44} loading="lazy" />
            </li>
          ))}
        </ol>
      )}
      <p className="cp-note">{t(chosenMode ? 'apply.items.chosenNote' : 'apply.items.rankNote')}</p>
      {searching && (
        <Suspense fallback={null}>
          <ItemSearchDialog
            shop={shop}
            max={maxChosen}
            chosen={values.chosen}
            onOk={(chosen) => {
              change({ chosen });
              setSearching(false);
            }}
            onClose={() => setSearching(false)}
          />
        </Suspense>
      )}
    </FormRow>
  );
}
