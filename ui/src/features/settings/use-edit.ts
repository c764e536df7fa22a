import { useEffect, useState } from 'react'

export const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** `theirs` with what `mine` changed of `base`: of two changes of one thing mine, of all others each. */
export function rebased<T>(base: T, mine: T, theirs: T): T {
  if (same(mine, base)) return theirs
  if (!isRecord(base) || !isRecord(mine) || !isRecord(theirs)) return mine
  const keys = new Set([...Object.keys(mine), ...Object.keys(theirs)])
  return Object.fromEntries([...keys].map((key) => [key, rebased(base[key], mine[key], theirs[key])])) as T
}

export interface Edit<V, T> {
  /** What is being changed. */
  value: T
  set: (next: T) => void
  /** The saved view it was made from: a save names its version. */
  madeFrom: V
  /** Something differs from what is saved. */
  dirty: boolean
  /** What somebody else saved meanwhile, while something is being changed here. */
  newer: V | null
  /** Takes what is saved now; what was changed here goes. */
  reload: () => void
  /** Keeps what was changed here, as changes of what is saved now; what only the other changed stays theirs. */
  keep: () => void
}

/**
 * What is being changed, starting from what is saved. A version that somebody else saved meanwhile shows at once where
 * nothing is being changed here, and never replaces what is: the person decides.
 */
export function useEdit<V, T>(saved: V, of: (view: V) => T): Edit<V, T> {
  const [{ madeFrom, value }, setState] = useState({ madeFrom: saved, value: of(saved) })
  const stands = of(saved)
  const untouched = same(value, of(madeFrom)) || same(value, stands)
  const agrees = untouched || same(stands, of(madeFrom))
  useEffect(() => {
    if (madeFrom !== saved && agrees) setState({ madeFrom: saved, value: untouched ? stands : value })
  }, [madeFrom, saved, agrees, untouched, stands, value])
  return {
    value,
    set: (next) => setState((now) => ({ ...now, value: next })),
    madeFrom,
    dirty: !same(value, stands),
    newer: agrees ? null : saved,
    reload: () => setState({ madeFrom: saved, value: stands }),
    keep: () => setState((now) => ({ madeFrom: saved, value: rebased(of(now.madeFrom), now.value, stands) })),
  }
}
