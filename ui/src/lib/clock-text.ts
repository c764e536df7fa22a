/** A time of day as people type it (`9`, `930`, `9：30`, `24:00`) as `HH:MM`; null when it is none. */
export function timeOfDay(typed: string): string | null {
  const words = typed.trim().replace('：', ':')
  const match = /^(\d{1,2}):(\d{2})$/.exec(words) ?? /^(\d{1,2})(\d{2})?$/.exec(words)
  if (!match) return null
  const hour = Number(match[1])
  const minute = Number(match[2] ?? 0)
  if (minute > 59 || hour > 24 || (hour === 24 && minute > 0)) return null
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
}
