import type { EChartsCoreOption } from 'echarts/core'
import type { Ink } from '@/components/chart'
import type { Mood } from '@/ipc/bindings'
import type { DocChart } from '../whole'

const PALETTE = ['brand', 'info', 'mark-amber-line', 'idle', 'risk', 'ok']
const MOODS: Partial<Record<Mood, string>> = { good: 'ok', bad: 'urgent', warn: 'risk', muted: 'field', new: 'risk' }

/** Long or many names need lines of their own. */
export const lies = ({ kind, categories }: DocChart) =>
  kind !== 'lines' && (categories.length > 8 || categories.some((name) => name.length > 6))

export function chartOption(chart: DocChart, ink: Ink): EChartsCoreOption {
  const flat = lies(chart)
  let plain = 0
  const names = {
    type: 'category',
    data: chart.categories,
    inverse: flat,
    axisLine: { lineStyle: { color: ink('line') } },
    axisTick: { show: false },
    axisLabel: {
      color: ink('ink2'),
      width: flat ? 120 : undefined,
      overflow: flat ? 'truncate' : undefined,
      hideOverlap: true,
    },
  }
  const numbers = {
    type: 'value',
    name: chart.unit,
    nameTextStyle: { color: ink('ink3') },
    minInterval: chart.value === 'count' ? 1 : undefined,
    axisLabel: { color: ink('ink3'), formatter: chart.value === 'percent' ? asPercent : undefined },
    splitLine: { lineStyle: { color: ink('line2') } },
  }
  const many = chart.series.length > 1
  return {
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: {
      left: 4,
      right: 12,
      top: many ? 34 : 22,
      bottom: 4,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    legend: many
      ? { top: 0, right: 0, icon: 'roundRect', itemWidth: 10, itemHeight: 10, textStyle: { color: ink('ink2') } }
      : undefined,
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      backgroundColor: ink('panel'),
      borderColor: ink('line'),
      textStyle: { color: ink('ink') },
    },
    xAxis: flat ? numbers : names,
    yAxis: flat ? names : numbers,
    series: chart.series.map((series) => ({
      name: series.name,
      type: chart.kind === 'lines' ? 'line' : 'bar',
      stack: chart.kind === 'stacked' ? 'all' : undefined,
      barMaxWidth: 22,
      symbolSize: 6,
      color: ink(MOODS[series.mood] ?? PALETTE[plain++ % PALETTE.length] ?? 'brand'),
      itemStyle: chart.kind === 'bars' ? { borderRadius: flat ? [0, 3, 3, 0] : [3, 3, 0, 0] } : undefined,
      cursor: series.opens.some((key) => key !== null) ? 'pointer' : 'default',
      data: series.values,
    })),
  }
}

const asPercent = (value: number) => `${Math.round(value * 100)}%`
