import type { MarkView } from '@/ipc/bindings'

/** A stretch of a text; `about` names everything that it speaks for. */
export interface Piece {
  start: number
  text: string
  about: string[]
}

/** Cuts a text at the ends of its marks (UTF-16 offsets); overlapping marks share a piece, bad offsets are ignored. */
export function pieces(text: string, marks: readonly MarkView[]): Piece[] {
  const good = marks.filter((mark) => mark.start >= 0 && mark.end <= text.length && mark.start < mark.end)
  const cuts = [...new Set([0, text.length, ...good.flatMap((mark) => [mark.start, mark.end])])].sort((a, b) => a - b)
  const out: Piece[] = []
  for (let at = 0; at + 1 < cuts.length; at++) {
    const start = cuts[at] as number
    const end = cuts[at + 1] as number
    const about = [...new Set(good.filter((m) => m.start <= start && m.end >= end).map((m) => m.about))]
    out.push({ start, text: text.slice(start, end), about })
  }
  return out
}

/** Hue of a mark: what concerns safety, what people did, how it arrived, the rest. Names, because colour is not alone. */
export function hue(about: string): 'red' | 'amber' | 'blue' | 'plain' {
  if (['hygiene', 'health', 'injury', 'severe', 'privacy', 'abuse', 'extortion', 'fraud'].includes(about)) return 'red'
  if (['service', 'aftersales', 'legal', 'media', 'quality'].includes(about)) return 'amber'
  if (['logistics', 'packaging', 'fulfilment', 'mismatch', 'price', 'facility', 'expectation'].includes(about)) {
    return 'blue'
  }
  return 'plain'
}
