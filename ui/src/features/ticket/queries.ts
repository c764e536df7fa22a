import { useQuery } from '@tanstack/react-query'
import { unwrap } from '@/ipc/errors'
import { core } from '@/ipc/platform'
import { keys } from '@/ipc/tags'

export const ticketKey = (id: string) => [...keys.ticket, id] as const

export function useTicket(id: string) {
  return useQuery({ queryKey: ticketKey(id), queryFn: () => unwrap(core().ticketGet(id)) })
}
