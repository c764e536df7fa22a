import { Table } from '@mantine/core'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { Chart, type Ink } from '@/components/chart'
import type { HourLoad } from '@/ipc/bindings'
import { Count } from './Count'
import css from './Today.module.css'

const hourName = (hour: number) => `${String(hour).padStart(2, '0')}:00`

/** What falls due, comes in and is answered, hour by hour; the same figures as a table. */
export function HourLoadCard({ hours, hourNow }: { hours: HourLoad[]; hourNow: number }) {
  const { t } = useTranslation()
  const option = useCallback(
    (ink: Ink) => ({
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 34, right: 10, top: 34, bottom: 24 },
      legend: { top: 0, left: 0, icon: 'roundRect', itemWidth: 10, itemHeight: 10, textStyle: { color: ink('ink2') } },
      tooltip: {
        trigger: 'axis',
        backgroundColor: ink('panel'),
        borderColor: ink('line'),
        textStyle: { color: ink('ink') },
      },
      xAxis: {
        type: 'category',
        data: hours.map(({ hour }) => hourName(hour)),
        axisLine: { lineStyle: { color: ink('line') } },
        axisTick: { show: false },
        axisLabel: { color: ink('ink3'), interval: 2 },
      },
      yAxis: {
        type: 'value',
        minInterval: 1,
        axisLabel: { color: ink('ink3') },
        splitLine: { lineStyle: { color: ink('line2') } },
      },
      series: [
        {
          name: t('today.due'),
          type: 'bar',
          barMaxWidth: 16,
          itemStyle: { color: ink('mark-amber-line'), borderRadius: [3, 3, 0, 0] },
          data: hours.map(({ due }) => due),
          markLine: {
            symbol: 'none',
            silent: true,
            label: { formatter: t('today.nowLine'), color: ink('ink2') },
            lineStyle: { color: ink('ink3'), type: 'dashed' },
            data: [{ xAxis: hourNow }],
          },
        },
        {
          name: t('today.arrived'),
          type: 'line',
          symbolSize: 5,
          color: ink('info'),
          data: hours.map(({ hour, arrived }) => (hour <= hourNow ? arrived : null)),
        },
        {
          name: t('today.answered'),
          type: 'line',
          symbolSize: 5,
          color: ink('ok'),
          data: hours.map(({ hour, answered }) => (hour <= hourNow ? answered : null)),
        },
      ],
    }),
    [hours, hourNow, t],
  )
  const busy = hours.filter(({ due, arrived, answered }) => due + arrived + answered > 0)
  return (
    <div className={css.load}>
      <Chart label={t('today.loadLabel')} height={240} option={option} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard */}
      <section className={css.loadTable} aria-label={t('today.loadTable')} tabIndex={0}>
        <Table verticalSpacing={3} horizontalSpacing={8} fz="xs" stickyHeader>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('today.hour')}</Table.Th>
              <Table.Th ta="end">{t('today.due')}</Table.Th>
              <Table.Th ta="end">{t('today.arrived')}</Table.Th>
              <Table.Th ta="end">{t('today.answered')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {busy.map((one) => (
              <Table.Tr key={one.hour} data-now={one.hour === hourNow || undefined}>
                <Table.Td>{hourName(one.hour)}</Table.Td>
                {(['due', 'arrived', 'answered'] as const).map((day) => (
                  <Table.Td key={day} ta="end">
                    <Count
                      value={one[day]}
                      search={{ view: 'all', day, hour: one.hour }}
                      label={t('today.atHour', { hour: hourName(one.hour), what: t(`today.${day}`), count: one[day] })}
                    />
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
    </div>
  )
}
