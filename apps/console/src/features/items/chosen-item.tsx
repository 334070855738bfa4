import type { Item } from '@coupon-push/contract/items.ts';
import { useSortable } from '@dnd-kit/sortable';
import { CSS } from '@dnd-kit/utilities';
import { ActionIcon } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconGripVertical, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './items.module.css';

interface ChosenItemProps {
  item: Item;
  /** Counted from 1. */
  place: number;
  count: number;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}

/** One chosen item. The picture is what a mouse or a finger drags, and the handle what the keyboard picks up. */
export function ChosenItem({ item, place, count, onMove, onRemove }: ChosenItemProps) {
  const { t } = useTranslation();
  const { setNodeRef, setActivatorNodeRef, attributes, listeners, transform, transition, isDragging, isSorting } =
    useSortable({
      id: item.id,
      disabled: count < 2,
      attributes: { roleDescription: t('items.dragRole') },
    });
  const { name } = item;
  return (
    <li
      ref={setNodeRef}
      className={classes.chosenItem}
      data-dragging={isDragging || undefined}
      style={{ transform: CSS.Transform.toString(transform), transition }}
    >
      <div className={classes.picture} data-movable={count > 1 || undefined} {...pointerOnly(listeners)}>
        <img src={item.imageUrl} alt="" width={92} height={92} draggable={false} />
        {!isSorting && (
          <span className={classes.place} aria-hidden>
            {place}
          </span>
        )}
      </div>
      <span className={classes.name} title={name}>
        {name}
      </span>
      <span className={classes.tools}>
        {count > 1 && (
          <>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              ref={setActivatorNodeRef}
              {...attributes}
              {...listeners}
              aria-label={t('items.drag', { name })}
              // Esc puts the item back; the dialog around it stays open.
              data-mantine-stop-propagation={isDragging || undefined}
            >
              <IconGripVertical size={14} />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              disabled={place === 1}
              aria-label={t('items.moveLeft', { name })}
              onClick={() => onMove(-1)}
            >
              <IconChevronLeft size={14} />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              disabled={place === count}
              aria-label={t('items.moveRight', { name })}
              onClick={() => onMove(1)}
            >
              <IconChevronRight size={14} />
            </ActionIcon>
          </>
        )}
        <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t('items.remove', { name })} onClick={onRemove}>
          <IconX size={14} />
        </ActionIcon>
      </span>
    </li>
  );
}

/** The picture takes no focus, so it has no use for keys. */
function pointerOnly(listeners: ReturnType<typeof useSortable>['listeners']) {
  if (listeners === undefined) return {};
  const { onKeyDown: _, ...pointer } = listeners;
  return pointer;
}
