const DAY = 86_400_000

const at = (day: string) => Date.parse(`${day}T00:00:00Z`)
const say = (ms: number) => new Date(ms).toISOString().slice(0, 10)

/** `2026-11-22` and some days. */
export const plusDays = (day: string, days: number) => say(at(day) + days * DAY)

/** Monday to Sunday around a day. */
export function weekAround(day: string): [monday: string, sunday: string] {
  const monday = at(day) - ((new Date(at(day)).getUTCDay() + 6) % 7) * DAY
  return [say(monday), say(monday + 6 * DAY)]
}

/** The ISO week of a day: `2026-W47`. Its year is that of its Thursday. */
export function isoWeek(day: string): string {
  const thursday = at(weekAround(day)[0]) + 3 * DAY
  const year = new Date(thursday).getUTCFullYear()
  const week = Math.floor((thursday - Date.UTC(year, 0, 1)) / DAY / 7) + 1
  return `${year}-W${String(week).padStart(2, '0')}`
}

/** `11-28`, or with its year where that is another than `today`'s. */
export const shortDay = (day: string, today: string) => (day.slice(0, 4) === today.slice(0, 4) ? day.slice(5) : day)
