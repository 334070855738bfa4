import type { Item } from '@coupon-push/contract/items.ts';
import { ActionIcon } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './items.module.css';

interface ChosenItemsProps {
  chosen: Item[];
  max: number;
  onChange: (items: Item[]) => void;
}

/** The chosen items in the order of the e-mail; each can be moved and removed. */
export function ChosenItems({ chosen, max, onChange }: ChosenItemsProps) {
  const { t } = useTranslation();
  const [said, setSaid] = useState('');

  const move = (index: number, by: -1 | 1) => {
    const next = [...chosen];
    const [item] = next.splice(index, 1);
    if (item === undefined) return;
    next.splice(index + by, 0, item);
    onChange(next);
    setSaid(t('items.moved', { name: item.name, place: index + by + 1 }));
  };

  return (
    <section aria-label={t('items.chosen')} className={classes.chosen}>
      <p className={classes.chosenHead}>
        {t('items.chosen')} <span className="cp-note">{`${chosen.length} / ${max}`}</span>
      </p>
      {chosen.length === 0 ? (
        <p className={classes.none}>{t('items.none')}</p>
      ) : (
        <ol className={classes.chosenList}>
          {chosen.map((item, index) => (
            <li key={item.id} className={classes.chosenItem}>
              <img src={item.imageUrl} alt="" width={72} height={72} />
              <span className={classes.name} title={item.name}>
                {item.name}
              </span>
              <span className={classes.tools}>
                {max > 1 && (
                  <>
                    <ActionIcon
                      variant="default"
                      size="sm"
                      disabled={index === 0}
                      aria-label={t('items.moveLeft', { name: item.name })}
                      onClick={() => move(index, -1)}
                    >
                      <IconChevronLeft size={14} />
                    </ActionIcon>
                    <ActionIcon
                      variant="default"
                      size="sm"
                      disabled={index === chosen.length - 1}
                      aria-label={t('items.moveRight', { name: item.name })}
                      onClick={() => move(index, 1)}
                    >
                      <IconChevronRight size={14} />
                    </ActionIcon>
                  </>
                )}
                <ActionIcon
                  variant="default"
                  size="sm"
                  aria-label={t('items.remove', { name: item.name })}
                  onClick={() => onChange(chosen.filter(({ id }) => id !== item.id))}
                >
                  <IconX size={14} />
                </ActionIcon>
              </span>
            </li>
          ))}
        </ol>
      )}
      <span className="cp-sr" aria-live="polite">
        {said}
      </span>
    </section>
  );
}
