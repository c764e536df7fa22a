import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { TicketView } from '@/ipc/bindings'
import { CoreError, unwrap } from '@/ipc/errors'
import { core } from '@/ipc/platform'
import { now } from '@/lib/now'
import { ticketKey } from './queries'

const PAUSE_MS = 350

/** What went wrong stays said until a save succeeds; else its button would vanish under the pointer. */
const stillWrong = (state: DraftState): DraftState => (state === 'saved' ? 'saving' : state)

export type DraftState = 'saved' | 'saving' | 'failed' | 'nobody'

/**
 * The words being written about a ticket. They reach the database 350 ms after the last key, and at once when the box
 * loses the focus, the ticket is left or the window is hidden; a failed save is tried again every two seconds.
 */
export function useDraft(ticketId: string, saved: string) {
  const client = useQueryClient()
  const [body, setBody] = useState(saved)
  const [state, setState] = useState<DraftState>('saved')
  const latest = useRef(saved)
  const kept = useRef(saved)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)

  const flush = useCallback(async () => {
    clearTimeout(timer.current)
    const words = latest.current
    if (words === kept.current) return
    setState(stillWrong)
    // The ticket in the cache knows the words before the database does: coming back at once finds them.
    const draftAt = new Date(now()).toISOString()
    client.setQueryData<TicketView>(ticketKey(ticketId), (ticket) => ticket && { ...ticket, draft: words, draftAt })
    try {
      await unwrap(core().draftSave({ ticketId, body: words }))
      kept.current = words
      if (latest.current === words) setState('saved')
    } catch (error) {
      setState(error instanceof CoreError && error.code === 'no_actor' ? 'nobody' : 'failed')
      timer.current = setTimeout(() => void flush(), 2000)
    }
  }, [ticketId, client])

  const write = useCallback(
    (words: string) => {
      latest.current = words
      setBody(words)
      setState(stillWrong)
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

  // Words that come from elsewhere fill an empty box; they never replace what somebody sees or writes here.
  useEffect(() => {
    if (latest.current === '' && kept.current === '' && saved !== '') {
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
