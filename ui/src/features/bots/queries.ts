import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { BotSave } from '@/ipc/bindings'
import { unwrap } from '@/ipc/errors'
import { core } from '@/ipc/platform'
import { keys } from '@/ipc/tags'

export function useBots() {
  return useQuery({ queryKey: keys.bots, queryFn: () => unwrap(core().botList()) })
}

function useBotChange<I>(run: (input: I) => ReturnType<ReturnType<typeof core>['botList']>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: I) => unwrap(run(input)),
    onSuccess: (bots) => client.setQueryData(keys.bots, bots),
    onError: () => client.invalidateQueries({ queryKey: keys.bots }),
  })
}

export const useSaveBot = () => useBotChange((input: BotSave) => core().botSave(input))
export const useRemoveBot = () => useBotChange((id: string) => core().botRemove(id))

export function useTestBot() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => unwrap(core().botTest(id)),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.bots }),
  })
}
