import type { InboxCounts, View } from '@/ipc/bindings'

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
