import { describe, expect, it } from 'vitest'
import { timeOfDay } from './clock-text'

describe('a time of day', () => {
  it('is understood as people type it', () => {
    expect(['9', '930', '0930', '9:30', '9：30', '24:00', '00:00'].map(timeOfDay)).toEqual([
      '09:00',
      '09:30',
      '09:30',
      '09:30',
      '09:30',
      '24:00',
      '00:00',
    ])
  })

  it('is refused when no clock shows it', () => {
    expect(['25:00', '24:01', '9:75', 'nine', ''].map(timeOfDay)).toEqual([null, null, null, null, null])
  })
})
