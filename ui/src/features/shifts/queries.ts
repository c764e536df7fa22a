import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { AbsenceAdd, OnCallSet, RosterView, Rotate, ShiftSave } from '@/ipc/bindings'
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
    // After a refusal too: what somebody else saved meanwhile is shown beside it.
    onSettled: () => {
      void client.invalidateQueries({ queryKey: keys.today })
      return client.invalidateQueries({ queryKey: keys.shifts })
    },
  })
}

/** Puts a person into a place of the roster or out of it, as the place stands when it is this change's turn. */
export function useSetRoster(week: string) {
  const client = useQueryClient()
  return useMutation({
    scope: { id: 'roster' },
    mutationFn: ({ date, shiftId, personId, on }: { date: string; shiftId: string; personId: string; on: boolean }) => {
      const slots = client.getQueryData<RosterView>([...keys.shifts, week])?.slots ?? []
      const there = slots.filter((slot) => slot.date === date && slot.shiftId === shiftId).map((slot) => slot.personId)
      const others = there.filter((id) => id !== personId)
      const personIds = on ? [...others, personId] : others
      return unwrap(core().rosterSet({ date, shiftId, personIds, madeFrom: there }))
    },
    onSettled: () => {
      void client.invalidateQueries({ queryKey: keys.today })
      return client.invalidateQueries({ queryKey: keys.shifts })
    },
  })
}

export const useSaveShifts = () => useRosterChange((input: ShiftSave) => core().shiftSave(input))
export const useSetOnCall = () => useRosterChange((input: OnCallSet) => core().oncallSet(input))
export const useRotate = () => useRosterChange((input: Rotate) => core().rosterRotate(input))
export const useAddAbsence = () => useRosterChange((input: AbsenceAdd) => core().absenceAdd(input))
export const useRemoveAbsence = () => useRosterChange((id: string) => core().absenceRemove(id))
export const useSaveHandover = () => useRosterChange((text: string) => core().handoverSave(text))
