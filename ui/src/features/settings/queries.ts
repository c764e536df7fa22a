import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { unwrap } from '@/ipc/errors'
import { core } from '@/ipc/platform'
import { keys } from '@/ipc/tags'

export function useBackups() {
  return useQuery({ queryKey: keys.backups, queryFn: () => unwrap(core().backupList()) })
}

export function useBackupNow() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => unwrap(core().backupNow()),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.backups }),
  })
}

/** After a restore everything on screen is of another time. */
export function useRestore() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (name: string | null) =>
      unwrap<unknown>(name === null ? core().backupRestoreFile() : core().backupRestore(name)),
    onSuccess: (restored) => restored !== null && client.resetQueries(),
  })
}

export function useSaveCopy() {
  return useMutation({ mutationFn: () => unwrap(core().backupSaveCopy()) })
}
