import { Link } from '@tanstack/react-router'
import { type CSSProperties, createContext, type ReactNode, useContext } from 'react'
import type { OpenedSet } from './search'

/** Of which report the numbers below are; without one they open nothing. */
export const NumbersOf = createContext<Omit<OpenedSet, 'key'> | null>(null)

export const useNumbersOf = () => useContext(NumbersOf)

interface Props {
  /** The number's key; without one it is only text. */
  opens: string | null
  /** What is opened, in words. */
  label: string
  className?: string
  style?: CSSProperties
  children: ReactNode
}

/** A number that opens the tickets behind it. */
export function Opens({ opens, label, className, style, children }: Props) {
  const of = useContext(NumbersOf)
  if (!opens || of === null) {
    return (
      <span className={className} style={style}>
        {children}
      </span>
    )
  }
  return (
    <Link
      to="/inbox"
      search={{ view: 'all', set: { ...of, key: opens } }}
      className={className}
      style={style}
      aria-label={label}
      data-opens={opens}
    >
      {children}
    </Link>
  )
}
