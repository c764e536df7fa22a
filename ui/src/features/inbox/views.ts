import type { DayEvent, InboxCounts, View } from '@/ipc/bindings'

/** The inbox's views in the order people need them. */
export const VIEWS: View[] = [
  'mine',
  'urgent',
  'due_1h',
  'overdue',
  'waiting',
  'unassigned',
  'low_confidence',
  'open',
  'all',
]

const COUNT: Record<View, keyof InboxCounts> = {
  mine: 'mine',
  urgent: 'urgent',
  due_1h: 'due1h',
  overdue: 'overdue',
  waiting: 'waiting',
  unassigned: 'unassigned',
  low_confidence: 'lowConfidence',
  open: 'open',
  all: 'all',
}

export function countOf(counts: InboxCounts | undefined, view: View): number | undefined {
  return counts?.[COUNT[view]] as number | undefined
}

/** What can have happened to a ticket today. */
export const DAY_EVENTS: readonly DayEvent[] = ['due_later', 'due', 'arrived', 'answered', 'closed']
export const DAY_HOURS: readonly number[] = Array.from({ length: 24 }, (_, hour) => hour)

/** Stands for nobody among the owners. */
export const NOBODY = 'nobody'
