import { useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { Chart, type Ink } from '@/components/chart'
import { useNumbersOf } from '../Opens'
import type { DocChart, DocColumn, DocRow } from '../whole'
import { chartOption, lies } from './chart-option'

/** A picture of the table beside it; a bar opens its tickets as its number in the table does. */
export function SectionChart({ title, chart }: { title: string; chart: DocChart }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const of = useNumbersOf()
  const option = useCallback((ink: Ink) => chartOption(chart, ink), [chart])
  const pick = (series: number, at: number) => {
    const key = chart.series[series]?.opens[at]
    if (key && of) void navigate({ to: '/inbox', search: { view: 'all', set: { ...of, key } } })
  }
  const height = lies(chart) ? 60 + chart.categories.length * 26 : 240
  return <Chart label={t('report.chartOf', { title })} height={height} option={option} pick={pick} />
}

/** The figures of a picture whose section has no lines of its own. */
export function chartTable(chart: DocChart, name: string): { columns: DocColumn[]; rows: DocRow[] } {
  const column = (title: string, kind: DocColumn['kind']): DocColumn => ({ title, kind, formula: null })
  const digits = (value: number) =>
    chart.value === 'percent' ? `${(value * 100).toFixed(1)}%` : String(Math.round(value * 10) / 10)
  return {
    columns: [column(name, 'text'), ...chart.series.map((series) => column(series.name, chart.value))],
    rows: chart.categories.map((category, at) => ({
      strong: false,
      cells: [
        { text: category, value: null, opens: null, mood: 'plain', trend: null, share: null, badge: null },
        ...chart.series.map((series) => {
          const value = series.values[at] ?? null
          return {
            text: value === null ? '–' : digits(value),
            value,
            opens: series.opens[at] ?? null,
            mood: 'plain' as const,
            trend: null,
            share: null,
            badge: null,
          }
        }),
      ],
    })),
  }
}
