import { useCallback, useEffect, useRef } from 'react'

const places = new Map<string, number>()

/** A page that is found again where it was left. `ready` is when it is as long as it was. */
export function useKeptScroll(name: string, ready: boolean) {
  const frame = useRef<HTMLElement | null>(null)
  const stop = useRef<(() => void) | undefined>(undefined)
  useEffect(() => {
    if (ready && frame.current) frame.current.scrollTop = places.get(name) ?? 0
  }, [name, ready])
  return useCallback(
    (element: HTMLElement | null) => {
      stop.current?.()
      frame.current = element
      if (!element) return
      const keep = () => void places.set(name, element.scrollTop)
      element.addEventListener('scroll', keep, { passive: true })
      stop.current = () => element.removeEventListener('scroll', keep)
    },
    [name],
  )
}
