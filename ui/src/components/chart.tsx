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
  /** A bar or point was clicked. */
  pick?: (series: number, at: number) => void
}

/** As wide as the inside of an A4 sheet; paper does not tell a chart its size. */
const PAPER = 640

/** A chart in the colours of the scheme; it follows its frame's width. */
export function Chart({ label, height, option, pick }: Props) {
  const frame = useRef<HTMLDivElement>(null)
  const scheme = useComputedColorScheme()
  const latest = useRef(option)
  latest.current = option
  const picked = useRef(pick)
  picked.current = pick
  const chart = useRef<EChartsType | undefined>(undefined)

  // biome-ignore lint/correctness/useExhaustiveDependencies: another scheme is another set of colours
  useEffect(() => {
    const element = frame.current
    if (!element) return
    let gone = false
    const watch = new ResizeObserver(() => chart.current?.resize())
    const draw = (ink: Ink, width: number | 'auto') => {
      chart.current?.setOption(latest.current(ink))
      chart.current?.resize({ width })
      chart.current?.getZr().flush()
    }
    const toPaper = () => draw(lightInkOf(element), Math.min(PAPER, element.clientWidth))
    const toScreen = () => draw(inkOf(element), 'auto')
    window.addEventListener('beforeprint', toPaper)
    window.addEventListener('afterprint', toScreen)
    void import('./echarts').then(({ init }) => {
      if (gone) return
      chart.current = init(element, null, { renderer: 'svg' })
      chart.current.setOption(latest.current(inkOf(element)))
      chart.current.on('click', ({ seriesIndex, dataIndex }) => {
        if (seriesIndex !== undefined) picked.current?.(seriesIndex, dataIndex)
      })
      watch.observe(element)
    })
    return () => {
      gone = true
      watch.disconnect()
      window.removeEventListener('beforeprint', toPaper)
      window.removeEventListener('afterprint', toScreen)
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

/** Paper is white whatever the scheme on screen. */
const lightInkOf = (element: HTMLElement): Ink => {
  const { dataset } = document.documentElement
  return (token) => {
    const before = dataset.mantineColorScheme
    dataset.mantineColorScheme = 'light'
    const color = inkOf(element)(token)
    dataset.mantineColorScheme = before
    return color
  }
}
