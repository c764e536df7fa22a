import { keepPreviousData, useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import type { InboxQuery } from '@/ipc/bindings'
import { unwrap } from '@/ipc/errors'
import { core } from '@/ipc/platform'
import { keys } from '@/ipc/tags'

const PAGE = 100

/** Counts change with the clock too (something becomes due), so they are asked again every half minute. */
export function useCounts() {
  return useQuery({
    queryKey: keys.counts,
    queryFn: () => unwrap(core().inboxCounts()),
    refetchInterval: 30_000,
  })
}

export type InboxFilter = Omit<InboxQuery, 'cursor' | 'limit'>

export function useInbox(filter: InboxFilter) {
  return useInfiniteQuery({
    queryKey: [...keys.inbox, 'page', filter],
    queryFn: ({ pageParam }) => unwrap(core().inboxPage({ ...filter, cursor: pageParam, limit: PAGE })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  })
}

export function useExport() {
  return useMutation({
    mutationFn: (filter: InboxFilter) => unwrap(core().inboxExport({ ...filter, cursor: null, limit: 200 })),
  })
}
