import { useEffect, useRef, useState } from 'react'

export const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/**
 * What is being changed, starting from what is saved. A version that somebody else saved meanwhile shows at once where
 * nothing is being changed here, and never replaces what is.
 */
export function useEdit<T>(saved: T): [T, (next: T) => void] {
  const [edited, setEdited] = useState(saved)
  const basis = useRef(saved)
  useEffect(() => {
    const before = basis.current
    basis.current = saved
    setEdited((now) => (same(now, before) ? saved : now))
  }, [saved])
  return [edited, setEdited]
}
