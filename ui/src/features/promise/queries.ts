import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { PromiseRules, PromiseSave } from '@/ipc/bindings'
import { unwrap } from '@/ipc/errors'
import { core } from '@/ipc/platform'
import { keys } from '@/ipc/tags'

export function usePromise() {
  return useQuery({ queryKey: keys.promise, queryFn: () => unwrap(core().promiseGet()) })
}

/** What `rules` would move; only asked while they differ from what is saved. */
export function usePromisePreview(rules: PromiseRules | undefined) {
  return useQuery({
    queryKey: [...keys.promise, 'preview', rules],
    queryFn: () => unwrap(core().promisePreview(rules as PromiseRules)),
    enabled: rules !== undefined,
    placeholderData: keepPreviousData,
    gcTime: 0,
  })
}

export function useSavePromise() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: PromiseSave) => unwrap(core().promiseSave(input)),
    // What somebody else saved meanwhile is shown beside the refusal.
    onError: () => client.invalidateQueries({ queryKey: keys.promise }),
    onSuccess: (view) => {
      client.setQueryData(keys.promise, view)
      void client.invalidateQueries({ queryKey: keys.inbox })
      void client.invalidateQueries({ queryKey: keys.ticket })
    },
  })
}
