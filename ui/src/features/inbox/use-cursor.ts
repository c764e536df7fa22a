import { useEffect, useState } from 'react'
import type { InboxRow } from '@/ipc/bindings'
import { useKeys } from '@/lib/keyboard'
import { focusOn } from '../ticket/focus'
import { pressing } from '../ticket/mutations'

interface Options {
  rows: readonly InboxRow[]
  /** The ticket of the address. */
  ticket: string | undefined
  /** List and ticket stand side by side. */
  split: boolean
  /** The rows are those that were asked for. */
  settled: boolean
  go: (ticket: string | undefined, replace: boolean) => void
}

/** Which row is the current one, moved by mouse and keys; on a narrow window its ticket covers the list. */
export function useCursor({ rows, ticket, split, settled, go }: Options) {
  // On a narrow window the list keeps its own cursor, because the ticket covers it.
  const [marked, setMarked] = useState<string | undefined>(undefined)
  const cursor = ticket ?? marked
  const select = (id: string) => {
    setMarked(id)
    if (split) go(id, true)
  }
  const open = (id: string) => {
    setMarked(id)
    go(id, split)
    if (split) focusOn('ticket')
  }

  // The most pressing ticket is shown by itself; nothing happens to a ticket by being looked at.
  const first = rows[0]?.id
  const showFirst = split && !ticket && first !== undefined && settled
  // biome-ignore lint/correctness/useExhaustiveDependencies: `go` is made anew with every rendering and means the same
  useEffect(() => {
    if (showFirst) go(first, true)
  }, [showFirst, first])
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  useEffect(() => {
    pressing.set(first === undefined ? null : { id: first, open: () => go(first, true) })
    return () => pressing.set(null)
  }, [first])

  const step = (by: number) => {
    if (rows.length === 0) return
    const at = rows.findIndex((row) => row.id === cursor)
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))]
    if (next) select(next.id)
  }
  useKeys({
    down: () => step(1),
    up: () => step(-1),
    open: () => {
      if (cursor) open(cursor)
    },
    ...(!split && ticket ? { Escape: () => go(undefined, true) } : {}),
  })
  return { cursor, select, open }
}
