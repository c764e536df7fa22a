import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { KeywordRule } from '@/ipc/bindings'
import { unwrap } from '@/ipc/errors'
import { core } from '@/ipc/platform'
import { keys } from '@/ipc/tags'

const KEY = [...keys.workspace, 'reading'] as const

export function useReading() {
  return useQuery({ queryKey: KEY, queryFn: () => unwrap(core().readingGet()) })
}

function useReadingChange<I>(run: (input: I) => ReturnType<ReturnType<typeof core>['readingGet']>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: I) => unwrap(run(input)),
    onSuccess: (reading) => client.setQueryData(KEY, reading),
  })
}

export const useSaveKeywords = () => useReadingChange((keywords: KeywordRule[]) => core().keywordsSave(keywords))
export const useSwitchLearning = () => useReadingChange((on: boolean) => core().learningSwitch(on))
export const useResetLearning = () => useReadingChange((_: undefined) => core().learningReset())
export const useRestoreLearning = () => useReadingChange((_: undefined) => core().learningRestore())
