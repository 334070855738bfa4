import type { Item } from '@coupon-push/contract/items.ts';
import { Button, Group, Skeleton } from '@mantine/core';
import { IconCheck, IconSearchOff } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { useFormat } from '../marketplace/use-format.ts';
import { type ItemFilter, itemsQuery } from './api/get-items.ts';
import classes from './items.module.css';

interface ItemResultsProps {
  shopId: number;
  filter: ItemFilter;
  chosen: Item[];
  /** No more can be chosen. */
  full: boolean;
  onToggle: (item: Item) => void;
}

/** Pictures with name and price; a click adds, a second one takes away. */
export function ItemResults({ shopId, filter, chosen, full, onToggle }: ItemResultsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const items = useInfiniteQuery(itemsQuery(shopId, filter));
  if (items.isPending) return <ResultSkeleton />;
  if (items.isError) return <ErrorState error={items.error} onRetry={() => void items.refetch()} />;
  const found = items.data.pages.flatMap((page) => page.entries);
  if (found.length === 0) {
    return <EmptyState icon={<IconSearchOff />} title={t('items.nothingTitle')} text={t('items.nothingText')} />;
  }
  return (
    <>
      <ul className={classes.grid}>
        {found.map((item) => {
          const isChosen = chosen.some(({ id }) => id === item.id);
          return (
            <li key={item.id}>
              <button
                type="button"
                className={classes.item}
                aria-pressed={isChosen}
                disabled={full && !isChosen}
                onClick={() => onToggle(item)}
              >
                <img src={item.imageUrl} alt="" loading="lazy" />
                {isChosen && (
                  <span className={classes.mark} aria-hidden>
                    <IconCheck size={16} />
                  </span>
                )}
                <span className={classes.name}>{item.name}</span>
                <span className={classes.price}>{format.money(item.priceMinor)}</span>
                <span className={classes.itemNo}>{item.itemNo}</span>
              </button>
            </li>
          );
        })}
      </ul>
      {items.hasNextPage && (
        <Group justify="center" mt="xs">
          <Button
            variant="default"
            size="compact-sm"
            loading={items.isFetchingNextPage}
            onClick={() => void items.fetchNextPage()}
          >
            {t('items.more')}
          </Button>
        </Group>
      )}
    </>
  );
}

function ResultSkeleton() {
  const { t } = useTranslation();
  return (
    <div className={classes.grid} role="status" aria-label={t('common.loading')}>
      {Array.from({ length: 8 }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
        <Skeleton key={index} height={150} />
      ))}
    </div>
  );
}
