import { useEffect, useState } from 'react'

export const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

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
  /** Keeps what was changed here, as a change of what is saved now. */
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
    keep: () => setState((now) => ({ ...now, madeFrom: saved })),
  }
}
