import type { Results } from '@coupon-push/contract/results.ts';
import { useTranslation } from 'react-i18next';
import { Chart } from '../../ui/chart.tsx';
import { useFormat } from '../marketplace/use-format.ts';
import classes from './results.module.css';
import { ratesByDay } from './rules.ts';

/** Issue, use and money by day: four small drawings, each with a scale of its own. */
export function ResultsCharts({ days }: Pick<Results, 'days'>) {
  const { t } = useTranslation();
  const format = useFormat();
  const shared = { days: days.map(({ day }) => day), dayText: format.day };
  return (
    <div className={classes.charts}>
      <Drawn title={t('results.issued')}>
        <Chart
          {...shared}
          label={`${t('results.chart')}: ${t('results.issued')}`}
          series={[
            {
              name: t('results.issued'),
              kind: 'bar',
              values: days.map(({ issued }) => issued),
              format: format.number,
            },
          ]}
        />
      </Drawn>
      <Drawn title={t('results.usedAndRate')}>
        <Chart
          {...shared}
          label={`${t('results.chart')}: ${t('results.usedAndRate')}`}
          series={[
            { name: t('results.used'), kind: 'bar', values: days.map(({ used }) => used), format: format.number },
            {
              name: t('results.useRate'),
              kind: 'line',
              axis: 'right',
              tone: 'third',
              values: ratesByDay(days),
              format: format.percent,
            },
          ]}
        />
      </Drawn>
      {(['sales', 'discount'] as const).map((name) => (
        <Drawn key={name} title={t(`results.${name}`)}>
          <Chart
            {...shared}
            label={`${t('results.chart')}: ${t(`results.${name}`)}`}
            series={[
              {
                name: t(`results.${name}`),
                kind: 'bar',
                tone: name === 'sales' ? 'second' : 'fourth',
                values: days.map((day) => day[`${name}Minor`]),
                format: format.money,
              },
            ]}
          />
        </Drawn>
      ))}
    </div>
  );
}

function Drawn({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className={classes.chart}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
