import { useQuery } from '@tanstack/react-query'
import { unwrap } from '@/ipc/errors'
import { core } from '@/ipc/platform'
import { keys } from '@/ipc/tags'

/** Changes with the clock too, so it is asked again every half minute. */
export function useToday() {
  return useQuery({ queryKey: keys.today, queryFn: () => unwrap(core().todayGet()), refetchInterval: 30_000 })
}
