import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { TicketView } from '@/ipc/bindings'
import { CoreError, unwrap } from '@/ipc/errors'
import { type Commands, core } from '@/ipc/platform'
import { keys } from '@/ipc/tags'
import { createStore } from '@/lib/store'
import { ticketKey } from './queries'

export type TicketCommand =
  | 'ticketReply'
  | 'ticketNote'
  | 'ticketCorrect'
  | 'ticketDismiss'
  | 'ticketStatus'
  | 'ticketOfferSolution'
  | 'ticketResolve'
  | 'ticketClose'
  | 'ticketReopen'
  | 'ticketAssign'
  | 'ticketUndo'

export interface Undoable {
  ticketId: string
  number: string
  activityId: string
  kind: string
  until: number
  /** Says more than the kind of the change does. */
  words?: string
}

/** What the undo bar offers; the newest change only. */
export const undoable = createStore<Undoable | null>(null)

/** The most pressing ticket of the list on screen, for 下一张. */
export const pressing = createStore<{ id: string; open: () => void } | null>(null)

/**
 * A change to a ticket. The view that comes back replaces the one on screen at once; what can be taken back is offered
 * for eight seconds.
 */
export function useTicketChange<K extends TicketCommand>(command: K) {
  type Input = Parameters<Commands[K]>[0]
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: Input) =>
      unwrap((core()[command] as (input: Input) => ReturnType<Commands['ticketGet']>)(input)),
    // An older view that is still on its way must not come after the answer.
    onMutate: () => client.cancelQueries({ queryKey: keys.ticket }),
    onSuccess: (view: TicketView) => {
      client.setQueryData(ticketKey(view.id), view)
      void client.invalidateQueries({ queryKey: keys.inbox })
      undoable.set(
        view.undo && command !== 'ticketUndo'
          ? { ticketId: view.id, number: view.number, ...view.undo, until: Date.parse(view.undo.until) }
          : null,
      )
    },
    onError: (error) => {
      if (!(error instanceof CoreError)) return
      if (error.code === 'conflict' || error.code === 'not_found')
        void client.invalidateQueries({ queryKey: keys.ticket })
    },
  })
}

/** Takes a ticket from an assignee who does nothing, so that anybody on shift can handle it. */
export function useTakeBack() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => unwrap(core().ticketTakeBack(id)),
    onSuccess: (view) => {
      client.setQueryData(ticketKey(view.id), view)
      void client.invalidateQueries({ queryKey: keys.inbox })
    },
  })
}
