import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { AbsenceAdd, OnCallSet, RosterSet, Rotate, ShiftSave } from '@/ipc/bindings'
import { unwrap } from '@/ipc/errors'
import { core } from '@/ipc/platform'
import { keys } from '@/ipc/tags'

export function useRoster(week: string) {
  return useQuery({
    queryKey: [...keys.shifts, week],
    queryFn: () => unwrap(core().shiftGet(week)),
    placeholderData: keepPreviousData,
  })
}

/** Whatever changes, every week on screen is read again: a rotation reaches far. */
function useRosterChange<I>(run: (input: I) => ReturnType<ReturnType<typeof core>['shiftGet']>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: I) => unwrap(run(input)),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.today })
      return client.invalidateQueries({ queryKey: keys.shifts })
    },
  })
}

export const useSaveShifts = () => useRosterChange((input: ShiftSave) => core().shiftSave(input))
export const useSetRoster = () => useRosterChange((input: RosterSet) => core().rosterSet(input))
export const useSetOnCall = () => useRosterChange((input: OnCallSet) => core().oncallSet(input))
export const useRotate = () => useRosterChange((input: Rotate) => core().rosterRotate(input))
export const useAddAbsence = () => useRosterChange((input: AbsenceAdd) => core().absenceAdd(input))
export const useRemoveAbsence = () => useRosterChange((id: string) => core().absenceRemove(id))
export const useSaveHandover = () => useRosterChange((text: string) => core().handoverSave(text))
