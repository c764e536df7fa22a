import { useComputedColorScheme } from '@mantine/core'
import type { EChartsCoreOption, EChartsType } from 'echarts/core'
import { useEffect, useRef } from 'react'

/** The tokens' colours, for a chart drawn now. */
export type Ink = (token: string) => string

interface Props {
  /** What the chart says, for people who cannot see it; the figures stand in a table beside it. */
  label: string
  height: number
  option: (ink: Ink) => EChartsCoreOption
}

/** A chart in the colours of the scheme; it follows its frame's width. */
export function Chart({ label, height, option }: Props) {
  const frame = useRef<HTMLDivElement>(null)
  const scheme = useComputedColorScheme()
  const latest = useRef(option)
  latest.current = option
  const chart = useRef<EChartsType | undefined>(undefined)

  // biome-ignore lint/correctness/useExhaustiveDependencies: another scheme is another set of colours
  useEffect(() => {
    const element = frame.current
    if (!element) return
    let gone = false
    const watch = new ResizeObserver(() => chart.current?.resize())
    void import('./echarts').then(({ init }) => {
      if (gone) return
      chart.current = init(element, null, { renderer: 'svg' })
      chart.current.setOption(latest.current(inkOf(element)))
      watch.observe(element)
    })
    return () => {
      gone = true
      watch.disconnect()
      chart.current?.dispose()
      chart.current = undefined
    }
  }, [scheme])

  useEffect(() => {
    if (frame.current) chart.current?.setOption(option(inkOf(frame.current)))
  }, [option])

  return <div ref={frame} role="img" aria-label={label} style={{ height, width: '100%' }} />
}

const inkOf = (element: HTMLElement): Ink => {
  const style = getComputedStyle(element)
  return (token) => style.getPropertyValue(`--${token}`).trim()
}
