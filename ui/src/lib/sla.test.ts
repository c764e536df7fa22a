import { describe, expect, it } from 'vitest'
import { type Deadline, looks } from './sla'

const due = Date.parse('2026-11-22T12:00:00Z')
const MIN = 60_000
const clock: Deadline = {
  dueAt: new Date(due).toISOString(),
  state: 'running',
  slaState: 'calm',
  amberAt: new Date(due - 60 * MIN).toISOString(),
  redAt: new Date(due - 30 * MIN).toISOString(),
  remainingSecs: 7200,
}

describe('how a deadline looks', () => {
  it('turns amber, red and late at the instants that the core named', () => {
    expect(looks(clock, due - 61 * MIN)).toBe('calm')
    expect(looks(clock, due - 60 * MIN)).toBe('warning')
    expect(looks(clock, due - 30 * MIN)).toBe('critical')
    expect(looks(clock, due + 1000)).toBe('overdue')
  })

  it('is not late in the very second it is due', () => {
    expect(looks(clock, due)).toBe('critical')
  })

  it('never becomes late while it is paused', () => {
    expect(looks({ ...clock, state: 'paused', slaState: 'paused' }, due + 60 * MIN)).toBe('paused')
  })

  it('stays done once it was kept', () => {
    expect(looks({ ...clock, state: 'met', slaState: 'done' }, due + 60 * MIN)).toBe('done')
  })
})
