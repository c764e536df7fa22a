import { useQuery } from '@tanstack/react-query'
import type { FilePick } from '@/ipc/bindings'
import { unwrap } from '@/ipc/errors'
import { core } from '@/ipc/platform'
import { createStore } from '@/lib/store'

/** The file that is being looked at; outlives the page, so that going elsewhere loses nothing. */
export const pickedFile = createStore<FilePick | null>(null)

export interface ImportJob {
  id: string
  fileName: string
}

/** The import that runs or has just ended; it goes on in the background. */
export const importJob = createStore<ImportJob | null>(null)

/** Takes a chosen or dropped file to the preview, unless an import is still running. */
export function takeFile(file: FilePick) {
  pickedFile.set(file)
}

/** Progress, asked four times a second while it runs. */
export function useImportProgress(job: ImportJob | null) {
  const { data } = useQuery({
    queryKey: ['import', job?.id ?? ''],
    queryFn: () => unwrap(core().importProgress(job?.id ?? '')),
    enabled: job !== null,
    refetchInterval: ({ state }) => (!state.data || state.data.state === 'running' ? 250 : false),
    gcTime: 0,
  })
  return job ? data : undefined
}
