import type { Item } from '@coupon-push/contract/items.ts';
import {
  type Announcements,
  closestCenter,
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  MouseSensor,
  TouchSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import { arrayMove, rectSortingStrategy, SortableContext, sortableKeyboardCoordinates } from '@dnd-kit/sortable';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ChosenItem } from './chosen-item.tsx';
import classes from './items.module.css';

interface ChosenItemsProps {
  chosen: Item[];
  max: number;
  onChange: (items: Item[]) => void;
}

/** The chosen items in the order of the e-mail: reordered by mouse, finger, keyboard or arrow buttons, or removed. */
export function ChosenItems({ chosen, max, onChange }: ChosenItemsProps) {
  const { t } = useTranslation();
  const [said, setSaid] = useState('');
  const announcements = useAnnouncements(chosen);
  const sensors = useSensors(
    // A press that hardly moves is a click, and a finger that moves at once scrolls.
    useSensor(MouseSensor, { activationConstraint: { distance: 4 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 180, tolerance: 8 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );

  const move = (from: number, to: number) => {
    onChange(arrayMove(chosen, from, to));
    setSaid(t('items.moved', { name: chosen[from]?.name, place: to + 1 }));
  };
  const drop = ({ active, over }: DragEndEvent) => {
    const [from, to] = [active.id, over?.id].map((id) => chosen.findIndex((item) => item.id === id));
    if (from !== undefined && to !== undefined && from >= 0 && to >= 0 && from !== to) {
      onChange(arrayMove(chosen, from, to));
    }
  };

  return (
    <section aria-label={t('items.chosen')} className={classes.chosen}>
      <p className={classes.chosenHead}>
        {t('items.chosen')} <span className="cp-note">{`${chosen.length} / ${max}`}</span>
      </p>
      {chosen.length === 0 ? (
        <p className={classes.none}>{t('items.none')}</p>
      ) : (
        <DndContext
          sensors={sensors}
          collisionDetection={closestCenter}
          onDragEnd={drop}
          accessibility={{ announcements, screenReaderInstructions: { draggable: t('items.dragHow') } }}
        >
          <SortableContext items={chosen} strategy={rectSortingStrategy}>
            <ol className={classes.chosenList}>
              {chosen.map((item, index) => (
                <ChosenItem
                  key={item.id}
                  item={item}
                  place={index + 1}
                  count={chosen.length}
                  onMove={(by) => move(index, index + by)}
                  onRemove={() => onChange(chosen.filter(({ id }) => id !== item.id))}
                />
              ))}
            </ol>
          </SortableContext>
        </DndContext>
      )}
      {chosen.length > 1 && <p className="cp-note">{t('items.dragHint')}</p>}
      <span className="cp-sr" aria-live="polite">
        {said}
      </span>
    </section>
  );
}

/** What a screen reader says while an item is moved. */
function useAnnouncements(chosen: Item[]): Announcements {
  const { t } = useTranslation();
  const place = (id: string | number) => chosen.findIndex((item) => item.id === id);
  const words = (id: string | number, at: string | number) => ({
    name: chosen[place(id)]?.name ?? '',
    place: place(at) + 1,
    count: chosen.length,
  });
  /** Being over oneself at first is no news, and would talk over having been picked up. */
  const moved = useRef(false);
  return {
    onDragStart: ({ active }) => {
      moved.current = false;
      return t('items.picked', words(active.id, active.id));
    },
    onDragOver: ({ active, over }) => {
      if (over === null || (!moved.current && over.id === active.id)) return undefined;
      moved.current = true;
      return t('items.over', words(active.id, over.id));
    },
    onDragEnd: ({ active, over }) => t('items.put', words(active.id, over?.id ?? active.id)),
    onDragCancel: ({ active }) => t('items.putBack', words(active.id, active.id)),
  };
}
