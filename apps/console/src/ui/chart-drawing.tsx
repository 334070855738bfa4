import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import type { ChartProps, ChartSeries } from './chart.tsx';

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

const tones = {
  main: { variable: '--cp-info', dash: 'solid' },
  second: { variable: '--cp-good', dash: 'solid' },
  third: { variable: '--cp-warn', dash: [6, 4] },
  fourth: { variable: '--cp-accent-text', dash: [2, 3] },
} as const;
const toneOrder = ['main', 'second', 'third', 'fourth'] as const;

/** The drawing alone; it loads the chart library, so only ui/chart.tsx imports it, lazily. */
export function ChartDrawing({ days, dayText, series, height = 220 }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const drawn = useRef<ReturnType<typeof init> | null>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const chart = init(element, undefined, { renderer: 'svg' });
    drawn.current = chart;
    const watcher = new ResizeObserver(() => chart.resize());
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      chart.dispose();
    };
  }, []);
  // Drawn anew when a figure or a word has changed, and not whenever the page around it is rendered.
  const shown = JSON.stringify([days, days.map(dayText), series]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shown` stands for all of them
  useEffect(() => {
    if (place.current === null) return;
    drawn.current?.setOption(optionsOf({ days, dayText, series }, place.current), { notMerge: true });
  }, [shown]);
  return <div ref={place} style={{ height }} aria-hidden="true" />;
}

function optionsOf({ days, dayText, series }: Omit<ChartProps, 'label'>, element: HTMLElement): EChartsCoreOption {
  const style = getComputedStyle(element);
  const colour = (variable: string) => style.getPropertyValue(variable).trim();
  const text = { color: colour('--mantine-color-dimmed'), fontFamily: style.fontFamily, fontSize: 12 };
  const right = series.find(({ axis }) => axis === 'right');
  const left = series.find(({ axis }) => axis !== 'right');
  return {
    animation: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    animationDuration: 250,
    textStyle: { fontFamily: style.fontFamily },
    grid: { left: 8, right: 8, top: series.length > 1 ? 34 : 14, bottom: 4, containLabel: true },
    ...(series.length > 1 ? { legend: { top: 0, left: 0, itemWidth: 16, itemHeight: 10, textStyle: text } } : {}),
    tooltip: {
      trigger: 'axis',
      confine: true,
      backgroundColor: colour('--mantine-color-body'),
      borderColor: colour('--cp-line'),
      textStyle: { ...text, color: colour('--mantine-color-text') },
      formatter: (points: unknown) => tooltip(points, { days, dayText, series }),
    },
    xAxis: {
      type: 'category',
      data: days,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colour('--cp-line') } },
      axisLabel: { ...text, hideOverlap: true, formatter: shortDay },
    },
    yAxis: [axisOf(left, text, colour('--cp-line')), axisOf(right, text, null)],
    series: series.map((one, index) => drawnSeries(one, toneOrder[index % 4] ?? 'main', colour)),
  };
}

/** `11/25`, short enough to stand under a bar; the tooltip and the table have it in full. */
function shortDay(day: string): string {
  return day.slice(5).replace('-', '/');
}

function axisOf(series: ChartSeries | undefined, text: object, line: string | null) {
  return {
    type: 'value',
    show: series !== undefined,
    min: 0,
    minInterval: series?.axis === 'right' ? 0 : 1,
    splitNumber: 3,
    splitLine: { show: line !== null, lineStyle: { color: line ?? 'transparent' } },
    axisLabel: { ...text, formatter: (value: number) => series?.format(value) ?? '' },
  };
}

function drawnSeries(series: ChartSeries, fallback: keyof typeof tones, colour: (variable: string) => string) {
  const { variable, dash } = tones[series.tone ?? fallback];
  const common = {
    name: series.name,
    data: series.values,
    yAxisIndex: series.axis === 'right' ? 1 : 0,
    itemStyle: { color: colour(variable) },
    emphasis: { disabled: true },
  };
  if (series.kind === 'bar')
    return { ...common, type: 'bar', barMaxWidth: 18, itemStyle: { ...common.itemStyle, borderRadius: [2, 2, 0, 0] } };
  return { ...common, type: 'line', showSymbol: series.values.length < 2, lineStyle: { width: 2, type: dash } };
}

/** As DOM nodes: a name is text, whatever is in it. */
function tooltip(points: unknown, { days, dayText, series }: Omit<ChartProps, 'label'>): HTMLElement {
  const index = Array.isArray(points) ? Number(points[0]?.dataIndex) : 0;
  const box = document.createElement('div');
  const line = (content: string) => {
    const row = document.createElement('div');
    row.textContent = content;
    box.append(row);
  };
  line(dayText(days[index] ?? ''));
  for (const { name, values, format } of series) {
    const value = values[index] ?? null;
    line(`${name}: ${value === null ? '–' : format(value)}`);
  }
  return box;
}
