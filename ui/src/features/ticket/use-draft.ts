import { useCallback, useEffect, useRef, useState } from 'react'
import { unwrap } from '@/ipc/errors'
import { core } from '@/ipc/platform'

const PAUSE_MS = 350

export type DraftState = 'saved' | 'saving' | 'failed'

/**
 * The words being written about a ticket. They reach the database 350 ms after the last key, and at once when the box
 * loses the focus, the ticket is left or the window is hidden; a failed save is tried again every two seconds.
 */
export function useDraft(ticketId: string, saved: string) {
  const [body, setBody] = useState(saved)
  const [state, setState] = useState<DraftState>('saved')
  const latest = useRef(saved)
  const kept = useRef(saved)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)

  const flush = useCallback(async () => {
    clearTimeout(timer.current)
    const words = latest.current
    if (words === kept.current) return
    setState('saving')
    try {
      await unwrap(core().draftSave({ ticketId, body: words }))
      kept.current = words
      if (latest.current === words) setState('saved')
    } catch {
      setState('failed')
      timer.current = setTimeout(() => void flush(), 2000)
    }
  }, [ticketId])

  const write = useCallback(
    (words: string) => {
      latest.current = words
      setBody(words)
      setState('saving')
      clearTimeout(timer.current)
      timer.current = setTimeout(() => void flush(), PAUSE_MS)
    },
    [flush],
  )

  /** The words have gone out; the core removes the draft itself. */
  const sent = useCallback(() => {
    clearTimeout(timer.current)
    latest.current = ''
    kept.current = ''
    setBody('')
    setState('saved')
  }, [])

  /** Stops a waiting save, so that it cannot come after the reply that uses the words. */
  const hold = useCallback(() => clearTimeout(timer.current), [])

  // Words that come from elsewhere (an undo, another window) are shown unless something newer is being written here.
  useEffect(() => {
    if (latest.current === kept.current && saved !== latest.current) {
      latest.current = saved
      kept.current = saved
      setBody(saved)
    }
  }, [saved])

  useEffect(() => {
    const onHide = () => void flush()
    document.addEventListener('visibilitychange', onHide)
    window.addEventListener('pagehide', onHide)
    return () => {
      document.removeEventListener('visibilitychange', onHide)
      window.removeEventListener('pagehide', onHide)
      void flush()
    }
  }, [flush])

  return { body, state, write, flush, sent, hold }
}
