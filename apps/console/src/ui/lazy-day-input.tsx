import { Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { DayInputProps } from './day-input.tsx';

const DayInput = lazy(() => import('./day-input.tsx').then((module) => ({ default: module.DayInput })));

/** A day input whose calendar is fetched when it is first shown. */
export function LazyDayInput(props: DayInputProps) {
  return (
    <Suspense fallback={<Skeleton width={152} height={36} />}>
      <DayInput {...props} />
    </Suspense>
  );
}
