import type { TFunction } from 'i18next'

const MINUTE = 60
const HOUR = 3600
const DAY = 86400

/** Calendar parts of an instant in a zone. */
interface Parts {
  year: number
  month: number
  day: number
  hour: number
  minute: number
}

const formats = new Map<string, Intl.DateTimeFormat>()
function format(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale}|${JSON.stringify(options)}`
  let found = formats.get(key)
  if (!found) {
    found = new Intl.DateTimeFormat(locale, options)
    formats.set(key, found)
  }
  return found
}

export function partsIn(ms: number, zone: string): Parts {
  const parts = format('en-US', {
    timeZone: zone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  }).formatToParts(ms)
  const read = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0)
  return { year: read('year'), month: read('month'), day: read('day'), hour: read('hour'), minute: read('minute') }
}

/** The day of an instant in a zone: `2026-11-22`. */
export function dayIn(ms: number, zone: string): string {
  const { year, month, day } = partsIn(ms, zone)
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

const dayNumber = (parts: Parts) => Math.round(Date.UTC(parts.year, parts.month - 1, parts.day) / (DAY * 1000))

/** Whole days from `now` to `ms` on the zone's calendar: 0 today, 1 tomorrow, -1 yesterday. */
export function dayDistance(ms: number, now: number, zone: string): number {
  return dayNumber(partsIn(ms, zone)) - dayNumber(partsIn(now, zone))
}

/** `12:56`, `明天 10:56`, `11月24日 10:56`. */
export function shortTime(t: TFunction, locale: string, ms: number, now: number, zone: string): string {
  const time = format(locale, { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(ms)
  const distance = dayDistance(ms, now, zone)
  if (distance === 0) return time
  if (distance === 1) return t('time.tomorrow', { time })
  if (distance === -1) return t('time.yesterday', { time })
  const sameYear = partsIn(ms, zone).year === partsIn(now, zone).year
  const date = format(locale, {
    timeZone: zone,
    month: locale === 'en' ? 'short' : 'long',
    day: 'numeric',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(ms)
  return t('time.onDay', { date, time })
}

/** Like `shortTime`, but says 今天 too. */
export function dayTime(t: TFunction, locale: string, ms: number, now: number, zone: string): string {
  const short = shortTime(t, locale, ms, now, zone)
  return dayDistance(ms, now, zone) === 0 ? t('time.today', { time: short }) : short
}

export function dayOnly(t: TFunction, locale: string, ms: number, now: number, zone: string): string {
  const distance = dayDistance(ms, now, zone)
  if (distance === 0) return t('time.todayDate')
  if (distance === -1) return t('time.yesterdayDate')
  return format(locale, { timeZone: zone, year: 'numeric', month: 'long', day: 'numeric' }).format(ms)
}

/** Date and time with seconds, for places where exactness matters. */
export function exactTime(locale: string, ms: number, zone: string): string {
  return format(locale, {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(ms)
}

/** `11月23日 09:00`, whatever day it is today. */
export function exactMinute(locale: string, ms: number, zone: string): string {
  return format(locale, {
    timeZone: zone,
    month: 'long',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(ms)
}

/** `2 天 22 小时`, `5 小时 02 分`, `24 分`, `4 分 05 秒`: two units at most, seconds only when they matter. */
export function duration(t: TFunction, seconds: number): string {
  const total = Math.max(0, Math.floor(seconds))
  const pad = (value: number) => String(value).padStart(2, '0')
  if (total >= DAY) {
    const hours = Math.floor((total % DAY) / HOUR)
    const days = Math.floor(total / DAY)
    return hours > 0 ? t('time.daysHours', { days, hours }) : t('time.days', { days })
  }
  if (total >= HOUR) {
    const minutes = Math.floor((total % HOUR) / MINUTE)
    const hours = Math.floor(total / HOUR)
    return minutes > 0 ? t('time.hoursMinutes', { hours, minutes: pad(minutes) }) : t('time.hours', { hours })
  }
  if (total >= 10 * MINUTE) return t('time.minutes', { minutes: Math.floor(total / MINUTE) })
  if (total >= MINUTE) {
    return t('time.minutesSeconds', { minutes: Math.floor(total / MINUTE), seconds: pad(total % MINUTE) })
  }
  return t('time.seconds', { seconds: total })
}

/** A target as people say it: 2 小时, 72 小时, 5 分. */
export function target(t: TFunction, seconds: number): string {
  if (seconds % HOUR === 0) return t('time.hours', { hours: seconds / HOUR })
  if (seconds < HOUR && seconds % MINUTE === 0) return t('time.minutes', { minutes: seconds / MINUTE })
  return duration(t, seconds)
}

/** The instant of a wall-clock time in a zone; daylight-saving gaps move forward. */
export function instantIn(
  zone: string,
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
): number {
  const wanted = Date.UTC(year, month - 1, day, hour, minute)
  let guess = wanted
  for (let round = 0; round < 2; round++) {
    const seen = partsIn(guess, zone)
    guess += wanted - Date.UTC(seen.year, seen.month - 1, seen.day, seen.hour, seen.minute)
  }
  return guess
}
