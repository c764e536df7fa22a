import { describe, expect, it } from 'vitest'
import { isoWeek, plusDays, shortDay, weekAround } from './days'

describe('days on the calendar', () => {
  it('a week is Monday to Sunday', () => {
    expect(weekAround('2026-11-22')).toEqual(['2026-11-16', '2026-11-22'])
    expect(weekAround('2026-11-16')).toEqual(['2026-11-16', '2026-11-22'])
  })

  it('an ISO week belongs to the year of its Thursday', () => {
    expect(isoWeek('2026-11-22')).toBe('2026-W47')
    expect(isoWeek('2027-01-03')).toBe('2026-W53')
    expect(isoWeek('2024-12-30')).toBe('2025-W01')
  })

  it('days pass over the end of a month, and another year is said', () => {
    expect(plusDays('2026-11-28', 14)).toBe('2026-12-12')
    expect(shortDay('2026-11-28', '2026-11-22')).toBe('11-28')
    expect(shortDay('2027-01-05', '2026-11-22')).toBe('2027-01-05')
  })
})
