import type { ReactNode } from 'react'
import css from './Sources.module.css'

/** A table that may be wider than the window: it scrolls inside its frame, by keyboard too. */
export function TableFrame({ children, label }: { children: ReactNode; label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
    <section className={css.tableFrame} aria-label={label} tabIndex={0}>
      {children}
    </section>
  )
}
