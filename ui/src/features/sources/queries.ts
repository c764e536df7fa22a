import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { FilePick, ImportOptions } from '@/ipc/bindings'
import { unwrap } from '@/ipc/errors'
import { core } from '@/ipc/platform'
import { keys } from '@/ipc/tags'
import { importJob, pickedFile } from './import-store'

export function useBatches() {
  return useQuery({ queryKey: keys.batches, queryFn: () => unwrap(core().batchList()) })
}

export function useChooseFile() {
  return useMutation({
    mutationFn: () => unwrap(core().importChoose()),
    onSuccess: (file) => file && pickedFile.set(file),
  })
}

export function usePlan(file: FilePick, options: ImportOptions) {
  return useQuery({
    queryKey: ['import', 'plan', file.token, options],
    queryFn: () => unwrap(core().importInspect(file.token, options)),
    placeholderData: keepPreviousData,
    gcTime: 0,
  })
}

export function useStartImport() {
  return useMutation({
    mutationFn: ({ file, options }: { file: FilePick; options: ImportOptions }) =>
      unwrap(core().importStart(file.token, options)),
    onSuccess: (progress, { file }) => {
      importJob.set({ id: progress.job, fileName: file.name })
      pickedFile.set(null)
    },
  })
}

export function useCancelImport() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (job: string) => unwrap(core().importCancel(job)),
    onSuccess: (progress) => client.setQueryData(['import', progress.job], progress),
  })
}

export function useUndoBatch() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => unwrap(core().batchUndo(id)),
    onSuccess: () => client.invalidateQueries(),
  })
}

/** Brings an undone import back. */
export function useRestoreBatch() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => unwrap(core().batchRestore(id)),
    onSuccess: () => client.invalidateQueries(),
  })
}

/** Orders change rates of reports only. */
export function useImportOrders() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => unwrap(core().ordersImport()),
    onSuccess: (result) => result && client.invalidateQueries({ queryKey: keys.reports }),
  })
}

export function useSaveRejected() {
  return useMutation({ mutationFn: (id: string) => unwrap(core().rejectedSave(id)) })
}
