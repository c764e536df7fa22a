import { describe, expect, it } from 'vitest'
import { pieces } from './marks'

describe('evidence in a text', () => {
  it('keeps every character in its place', () => {
    const text = '吃到一半有根头发😡态度差'
    const out = pieces(text, [
      { start: 6, end: 8, about: 'hygiene' },
      { start: 10, end: 13, about: 'service' },
    ])
    expect(out.map((piece) => piece.text).join('')).toBe(text)
    expect(out.filter((piece) => piece.about.length > 0)).toEqual([
      { start: 6, text: '头发', about: ['hygiene'] },
      { start: 10, text: '态度差', about: ['service'] },
    ])
  })

  it('words that speak for two things carry both', () => {
    const out = pieces('上吐下泻', [
      { start: 0, end: 4, about: 'health' },
      { start: 0, end: 2, about: 'hygiene' },
    ])
    expect(out.map((piece) => piece.about)).toEqual([['health', 'hygiene'], ['health']])
  })

  it('offsets that do not fit the text mark nothing and lose nothing', () => {
    expect(pieces('短', [{ start: 0, end: 9, about: 'price' }])).toEqual([{ start: 0, text: '短', about: [] }])
    expect(pieces('', [])).toEqual([])
  })
})
