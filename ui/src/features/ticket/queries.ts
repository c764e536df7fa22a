import { useQuery } from '@tanstack/react-query'
import type { WhyQuery } from '@/ipc/bindings'
import { unwrap } from '@/ipc/errors'
import { core } from '@/ipc/platform'
import { keys } from '@/ipc/tags'

export const ticketKey = (id: string) => [...keys.ticket, id] as const

export function useTicket(id: string) {
  return useQuery({ queryKey: ticketKey(id), queryFn: () => unwrap(core().ticketGet(id)) })
}

/** Why a deadline is when it is; asked only when somebody wants to know. */
export function useWhy(query: WhyQuery, asked: boolean) {
  return useQuery({
    queryKey: [...keys.ticket, query.id, 'why', query],
    queryFn: () => unwrap(core().ticketWhy(query)),
    enabled: asked,
  })
}
