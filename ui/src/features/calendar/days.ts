import type { CalendarRules, DayOverride, WindowOfDay } from '@/ipc/bindings'

const DAY_MS = 86_400_000

/** Dates are calendar dates without a zone; they are reckoned in UTC so that no daylight saving moves them. */
export const parseDate = (date: string) => new Date(`${date}T00:00:00Z`)
export const dateText = (date: Date) => date.toISOString().slice(0, 10)
export const plusDays = (date: string, days: number) => dateText(new Date(parseDate(date).getTime() + days * DAY_MS))
/** Monday is 0. */
export const weekdayOf = (date: string) => (parseDate(date).getUTCDay() + 6) % 7

export function dayName(locale: string, date: string): string {
  return new Intl.DateTimeFormat(locale, {
    timeZone: 'UTC',
    month: locale === 'en' ? 'short' : 'long',
    day: 'numeric',
    weekday: 'short',
  }).format(parseDate(date))
}

/** 一 … 日, Mon … Sun. */
export function weekdayNames(locale: string, width: 'narrow' | 'short'): string[] {
  const format = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', weekday: width })
  return Array.from({ length: 7 }, (_, day) => format.format(new Date(Date.UTC(2026, 10, 16 + day))))
}

export const windowsText = (windows: readonly WindowOfDay[]) =>
  windows.map(({ open, close }) => `${open}–${close}`).join(' ')

/** Sets (or with `null` takes away) what one day does differently; several days in a row at once. */
export function withOverride(
  rules: CalendarRules,
  from: string,
  days: number,
  own: Omit<DayOverride, 'date'> | null,
): CalendarRules {
  const dates = Array.from({ length: days }, (_, at) => plusDays(from, at))
  const others = rules.overrides.filter((one) => !dates.includes(one.date))
  const added = own === null ? [] : dates.map((date) => ({ date, ...own }))
  return { ...rules, overrides: [...others, ...added].sort((a, b) => a.date.localeCompare(b.date)) }
}

/** Days from a file replace what was set for the same dates. */
export function merged(rules: CalendarRules, added: readonly DayOverride[]): CalendarRules {
  const dates = new Set(added.map((one) => one.date))
  const overrides = [...rules.overrides.filter((one) => !dates.has(one.date)), ...added]
  return { ...rules, overrides: overrides.sort((a, b) => a.date.localeCompare(b.date)) }
}
