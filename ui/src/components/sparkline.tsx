import css from './sparkline.module.css'

const WIDTH = 72
const HEIGHT = 24
const EDGE = 2.5

interface Props {
  /** Oldest first; a gap has no point. */
  values: readonly (number | null)[]
  /** What the line says, for people who cannot see it. */
  label: string
  mood?: string
  /** A vertical mark before this value. */
  mark?: number
  width?: number
}

/** A small line without axes; its numbers are in its label. */
export function Sparkline({ values, label, mood = 'plain', mark, width = WIDTH }: Props) {
  const known = values.filter((value) => value !== null)
  if (known.length < 2) return null
  const low = Math.min(...known)
  const high = Math.max(...known)
  const x = (at: number) => EDGE + (at / (values.length - 1)) * (width - 2 * EDGE)
  const y = (value: number) =>
    high === low ? HEIGHT / 2 : HEIGHT - EDGE - ((value - low) / (high - low)) * (HEIGHT - 2 * EDGE)
  const points = values.flatMap((value, at) => (value === null ? [] : [[x(at), y(value)] as const]))
  const last = points.at(-1)
  return (
    <svg
      className={css.line}
      data-mood={mood}
      width={width}
      height={HEIGHT}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      role="img"
      aria-label={label}
    >
      {mark !== undefined && (
        <line className={css.mark} x1={x(mark)} x2={x(mark)} y1={0} y2={HEIGHT} strokeDasharray="2 2" />
      )}
      <polyline points={points.map((point) => point.map((one) => one.toFixed(1)).join(',')).join(' ')} />
      {last && <circle cx={last[0]} cy={last[1]} r={2.2} />}
    </svg>
  )
}
