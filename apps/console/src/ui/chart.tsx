import { Skeleton, useComputedColorScheme } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './chart.module.css';

/** One line or row of bars; `values` go with the chart's days. */
export interface ChartSeries {
  name: string;
  kind: 'bar' | 'line';
  values: (number | null)[];
  /** Figures of another kind than the left axis has (a rate, money) stand against the right one. */
  axis?: 'left' | 'right';
  /** Each tone is one colour and, for lines, one dash: never colour alone. */
  tone?: 'main' | 'second' | 'third' | 'fourth';
  format: (value: number) => string;
}

export interface ChartProps {
  /** What the chart shows, for who cannot see it. */
  label: string;
  /** `2026-11-25`, in order. */
  days: string[];
  dayText: (day: string) => string;
  series: ChartSeries[];
  height?: number;
}

const Drawing = lazy(() => import('./chart-drawing.tsx').then((module) => ({ default: module.ChartDrawing })));

/**
 * Figures by day: a drawing, fetched when it is first shown, and the same figures as a table that anybody can open. The
 * drawing says nothing to screen readers.
 */
export function Chart(props: ChartProps) {
  const { label, days, dayText, series, height = 220 } = props;
  const { t } = useTranslation();
  const scheme = useComputedColorScheme('light');
  return (
    <figure className={classes.chart} aria-label={label}>
      <Suspense fallback={<Skeleton height={height} />}>
        <Drawing key={scheme} {...props} height={height} />
      </Suspense>
      <details className={classes.details}>
        <summary>{t('common.asTable')}</summary>
        <div className={classes.scroll}>
          <table className={classes.table} aria-label={label}>
            <thead>
              <tr>
                <th scope="col">{t('common.day')}</th>
                {series.map(({ name }) => (
                  <th key={name} scope="col" className="cp-num">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {days.map((day, index) => (
                <tr key={day}>
                  <th scope="row">{dayText(day)}</th>
                  {series.map(({ name, values, format }) => {
                    const value = values[index] ?? null;
                    return (
                      <td key={name} className="cp-num">
                        {value === null ? '–' : format(value)}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
