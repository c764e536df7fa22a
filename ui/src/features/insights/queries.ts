import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ImprovementInput, ImprovementStep, LessonInput, LessonView } from '@/ipc/bindings'
import { unwrap } from '@/ipc/errors'
import { core } from '@/ipc/platform'
import { keys } from '@/ipc/tags'
import { whole } from '../report/whole'

const improvementsKey = [...keys.reports, 'improvements'] as const
const lessonsKey = (week: string) => [...keys.reports, 'lessons', week] as const

export function useImprovements() {
  return useQuery({
    queryKey: improvementsKey,
    queryFn: async () => whole(await unwrap(core().improvementList())),
  })
}

/** Improvements stand in the report too, so all of it is read again. */
function useImprovementChange<I>(run: (input: I) => ReturnType<ReturnType<typeof core>['improvementSave']>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: I) => unwrap(run(input)),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.reports }),
  })
}

export const useSaveImprovement = () => useImprovementChange((input: ImprovementInput) => core().improvementSave(input))

export const useStepImprovement = () =>
  useImprovementChange(({ id, step }: { id: string; step: ImprovementStep }) => core().improvementStep(id, step))

export function useLessons(week: string) {
  return useQuery({ queryKey: lessonsKey(week), queryFn: () => unwrap(core().lessonList(week)) })
}

export function useAddLesson() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: LessonInput) => unwrap(core().lessonAdd(input)),
    onSuccess: (lesson) =>
      client.setQueryData(lessonsKey(lesson.week), (now: LessonView[] | undefined) => [lesson, ...(now ?? [])]),
  })
}
