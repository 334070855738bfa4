import { type ReactNode, useEffect, useRef } from 'react';
import { mutate as mutateAny } from 'swr';
import useSWRInfinite, { unstable_serialize } from 'swr/infinite';
import { useText } from '../lib/i18n.ts';
import classes from './endless-list.module.css';
import { ErrorState, ListSkeleton } from './states.tsx';

interface PageOf<T> {
  entries: T[];
  next: string | null;
}

interface EndlessListProps<T> {
  /** The first page's address, with its query. */
  address: string;
  keyOf: (entry: T) => string;
  show: (entry: T) => ReactNode;
  /** When there is nothing. */
  empty: ReactNode;
  skeletonHeight?: number;
}

/** The list at this address has changed: it is asked for again, now or when it is shown. */
export function refreshList(address: string): void {
  void mutateAny(unstable_serialize(() => address));
}

/** A list that loads its next page when its end comes into view, or when asked to. */
export function EndlessList<T>({ address, keyOf, show, empty, skeletonHeight }: EndlessListProps<T>) {
  const { t } = useText();
  const { data, error, size, setSize, mutate, isLoading, isValidating } = useSWRInfinite<PageOf<T>>(
    (index, previous: PageOf<T> | null) => {
      if (index === 0) return address;
      if (!previous?.next) return null;
      return `${address}${address.includes('?') ? '&' : '?'}after=${encodeURIComponent(previous.next)}`;
    },
    { revalidateFirstPage: true },
  );
  const pages = data ?? [];
  const more = pages.at(-1)?.next != null;
  const loadMore = () => void setSize(pages.length + 1);
  const end = useWhenSeen(more && !isValidating, loadMore);
  if (isLoading) return <ListSkeleton {...(skeletonHeight === undefined ? {} : { height: skeletonHeight })} />;
  if (error !== undefined && pages.length === 0) return <ErrorState error={error} onRetry={() => void mutate()} />;
  const entries = pages.flatMap((page) => page.entries);
  if (entries.length === 0) return empty;
  return (
    <>
      <ul className={classes.list}>
        {entries.map((entry) => (
          <li key={keyOf(entry)}>{show(entry)}</li>
        ))}
      </ul>
      {more && (
        <div ref={end} className={classes.end}>
          <button type="button" className="button" disabled={size > pages.length && isValidating} onClick={loadMore}>
            {t('common.more')}
          </button>
        </div>
      )}
    </>
  );
}

/** Calls once each time the element comes near the screen while `wanted`. */
function useWhenSeen(wanted: boolean, call: () => void) {
  const element = useRef<HTMLDivElement>(null);
  const latest = useRef(call);
  latest.current = call;
  useEffect(() => {
    if (!wanted || element.current === null) return;
    const observer = new IntersectionObserver(
      (seen) => {
        if (seen.some(({ isIntersecting }) => isIntersecting)) latest.current();
      },
      { rootMargin: '400px' },
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [wanted]);
  return element;
}
