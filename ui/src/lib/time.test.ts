import { beforeAll, describe, expect, it } from 'vitest'
import i18n from '@/i18n'
import { dayDistance, dayTime, duration, instantIn, shortTime } from './time'

const SHANGHAI = 'Asia/Shanghai'
const at = (iso: string) => Date.parse(iso)
beforeAll(() => void i18n.changeLanguage('zh-CN'))
const t = i18n.t

describe('times as people read them', () => {
  const now = at('2026-11-22T04:32:00Z') // 12:32 in Shanghai

  it('a deadline of today shows its hour only, one of tomorrow says so', () => {
    expect(shortTime(t, 'zh-CN', at('2026-11-22T04:56:00Z'), now, SHANGHAI)).toBe('12:56')
    expect(shortTime(t, 'zh-CN', at('2026-11-23T02:56:00Z'), now, SHANGHAI)).toBe('明天 10:56')
    expect(dayTime(t, 'zh-CN', at('2026-11-21T15:59:00Z'), now, SHANGHAI)).toBe('昨天 23:59')
  })

  it('the calendar of the workspace decides what today is, not that of this machine', () => {
    const evening = at('2026-11-22T15:30:00Z')
    expect(dayDistance(at('2026-11-22T16:10:00Z'), evening, SHANGHAI)).toBe(1)
    expect(dayDistance(at('2026-11-22T16:10:00Z'), evening, 'Europe/London')).toBe(0)
  })

  it('midnight is 00:00 and not 24:00', () => {
    expect(shortTime(t, 'zh-CN', at('2026-11-22T16:00:00Z'), now, SHANGHAI)).toBe('明天 00:00')
  })

  it('seconds are shown only when they matter', () => {
    expect(duration(t, 2 * 86400 + 22 * 3600 + 59)).toBe('2 天 22 小时')
    expect(duration(t, 5 * 3600 + 2 * 60 + 40)).toBe('5 小时 02 分')
    expect(duration(t, 24 * 60 + 59)).toBe('24 分')
    expect(duration(t, 4 * 60 + 5)).toBe('4 分 05 秒')
    expect(duration(t, 45)).toBe('45 秒')
  })

  it('a wall-clock time becomes the right instant on both sides of a change of the clocks', () => {
    expect(instantIn(SHANGHAI, 2026, 11, 22, 14, 5)).toBe(at('2026-11-22T06:05:00Z'))
    expect(instantIn('America/New_York', 2026, 3, 8, 12, 0)).toBe(at('2026-03-08T16:00:00Z'))
    expect(instantIn('America/New_York', 2026, 3, 7, 12, 0)).toBe(at('2026-03-07T17:00:00Z'))
    expect(instantIn('Asia/Kathmandu', 2026, 1, 1, 0, 0)).toBe(at('2025-12-31T18:15:00Z'))
  })
})
