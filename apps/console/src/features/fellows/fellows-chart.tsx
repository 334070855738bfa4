import { useTranslation } from 'react-i18next';
import { Chart } from '../../ui/chart.tsx';
import { useFormat } from '../marketplace/use-format.ts';

/** How many registered on each day. */
export function FellowsChart({ days, height }: { days: { day: string; fellows: number }[]; height?: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Chart
      label={t('fellows.chart')}
      days={days.map(({ day }) => day)}
      dayText={format.day}
      series={[
        { name: t('fellows.new'), kind: 'bar', values: days.map(({ fellows }) => fellows), format: format.number },
      ]}
      {...(height === undefined ? {} : { height })}
    />
  );
}
