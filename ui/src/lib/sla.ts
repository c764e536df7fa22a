import type { ClockState, SlaState } from '@/ipc/bindings'

/** What a countdown needs; rows and tickets carry it. */
export interface Deadline {
  dueAt: string
  state: ClockState
  slaState: SlaState
  amberAt: string | null
  redAt: string | null
  remainingSecs: number
}

/**
 * How a deadline looks at `now`. The core decided the instants; the window only compares them with the clock, so a row
 * turns red in the second it must without asking again (sla.md R2: due at `now` is not late yet).
 */
export function looks(clock: Deadline, now: number): SlaState {
  if (clock.slaState === 'paused' || clock.slaState === 'done' || clock.slaState === 'overdue') return clock.slaState
  if (now >= Date.parse(clock.dueAt) + 1000) return 'overdue'
  if (clock.redAt && now >= Date.parse(clock.redAt)) return 'critical'
  if (clock.amberAt && now >= Date.parse(clock.amberAt)) return 'warning'
  return clock.slaState
}
