import type { Item } from '@coupon-push/contract/items.ts';
import { Alert, Button, Group, Modal } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ItemFilter } from './api/get-items.ts';
import { ChosenItems } from './chosen-items.tsx';
import { ItemResults } from './item-results.tsx';
import { ItemSearchForm } from './item-search-form.tsx';
import classes from './items.module.css';

interface ItemSearchDialogProps {
  shop: { id: number; name: string };
  /** How many items can be chosen; with 1, a click replaces. */
  max: number;
  chosen: Item[];
  onOk: (chosen: Item[]) => void;
  onClose: () => void;
}

/** Chooses items of the shop: chosen ones on top in their order, the search below. */
export function ItemSearchDialog({ shop, max, chosen: before, onOk, onClose }: ItemSearchDialogProps) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState(before);
  const [filter, setFilter] = useState<ItemFilter>({});
  const [leaving, setLeaving] = useState(false);
  const changed = chosen.map(({ id }) => id).join() !== before.map(({ id }) => id).join();
  const full = chosen.length >= max && max > 1;

  const toggle = (item: Item) => {
    setLeaving(false);
    setChosen((now) => {
      if (now.some(({ id }) => id === item.id)) return now.filter(({ id }) => id !== item.id);
      if (max === 1) return [item];
      return now.length >= max ? now : [...now, item];
    });
  };
  const close = () => {
    if (changed && !leaving) setLeaving(true);
    else onClose();
  };

  return (
    <Modal
      opened
      onClose={close}
      title={t('items.title')}
      size="xl"
      closeButtonProps={{ 'aria-label': t('common.close') }}
      classNames={{ body: classes.dialog ?? '' }}
    >
      <p className={classes.shop}>{shop.name}</p>
      <ChosenItems
        chosen={chosen}
        max={max}
        onChange={(items) => {
          setLeaving(false);
          setChosen(items);
        }}
      />
      <p className="cp-note">{full ? t('items.full', { max }) : t('items.clickToAdd')}</p>
      <ItemSearchForm shopId={shop.id} onSearch={setFilter} />
      <div className={classes.results}>
        <ItemResults shopId={shop.id} filter={filter} chosen={chosen} full={full} onToggle={toggle} />
      </div>
      <div className={classes.footer}>
        {leaving && (
          <Alert color="yellow" variant="light" role="alert">
            {t('items.unsaved')}
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close}>
            {t(leaving ? 'items.discard' : 'common.close')}
          </Button>
          <Button onClick={() => onOk(chosen)}>{t('common.ok')}</Button>
        </Group>
      </div>
    </Modal>
  );
}
