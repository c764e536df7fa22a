import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { CalendarRules, CalendarSave, HolidaySave } from '@/ipc/bindings'
import { unwrap } from '@/ipc/errors'
import { core } from '@/ipc/platform'
import { keys } from '@/ipc/tags'

export function useCalendars() {
  return useQuery({ queryKey: [...keys.calendar, 'list'], queryFn: () => unwrap(core().calendarList()) })
}

export function useCalendar(shop: string | null) {
  return useQuery({ queryKey: [...keys.calendar, 'of', shop], queryFn: () => unwrap(core().calendarGet(shop)) })
}

/** The days of a year under `rules`, saved or not. */
export function useYear(shop: string | null, year: number, rules: CalendarRules) {
  return useQuery({
    queryKey: [...keys.calendar, 'year', shop, year, rules],
    queryFn: () => unwrap(core().calendarYear({ shop, year, rules })),
    placeholderData: keepPreviousData,
    gcTime: 0,
  })
}

export function useCalendarPreview(shop: string | null, rules: CalendarRules | undefined) {
  return useQuery({
    queryKey: [...keys.calendar, 'preview', shop, rules],
    queryFn: () =>
      unwrap(core().calendarPreview({ shop, rules: rules as CalendarRules, applyToOpen: false, madeFrom: 0 })),
    enabled: rules !== undefined,
    placeholderData: keepPreviousData,
    gcTime: 0,
  })
}

function useCalendarChange<I, T>(run: (input: I) => Promise<T>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: run,
    // After a refusal too: what somebody else saved meanwhile is shown beside it.
    onSettled: () =>
      Promise.all([keys.calendar, keys.inbox, keys.ticket].map((queryKey) => client.invalidateQueries({ queryKey }))),
  })
}

export const useSaveCalendar = () => useCalendarChange((input: CalendarSave) => unwrap(core().calendarSave(input)))
export const useForgetCalendar = () => useCalendarChange((shop: string) => unwrap(core().calendarForget(shop)))

export function useChooseCalendarFile() {
  return useMutation({ mutationFn: (shop: string | null) => unwrap(core().calendarImportChoose(shop)) })
}

export function useHolidays() {
  return useQuery({ queryKey: [...keys.calendar, 'holidays'], queryFn: () => unwrap(core().holidayGet()) })
}

export function useChooseHolidays() {
  return useMutation({ mutationFn: () => unwrap(core().holidayChoose()) })
}

export const useSaveHolidays = () => useCalendarChange((input: HolidaySave) => unwrap(core().holidaySave(input)))
