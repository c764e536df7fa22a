import type { QueryClient } from '@tanstack/react-query'
import type { Tag } from './bindings'

/** First part of every query key. The core names what changed by tag; whoever shows it fetches again. */
export const keys = {
  workspace: ['workspace'] as const,
  counts: ['inbox', 'counts'] as const,
  inbox: ['inbox'] as const,
  ticket: ['ticket'] as const,
  reviews: ['reviews'] as const,
  batches: ['batches'] as const,
  alerts: ['alerts'] as const,
  backups: ['backups'] as const,
  promise: ['promise'] as const,
  calendar: ['calendar'] as const,
  shifts: ['shifts'] as const,
  alertRules: ['alertRules'] as const,
  bots: ['bots'] as const,
  today: ['today'] as const,
  reports: ['reports'] as const,
  /** Reports of now, as opposed to kept ones. */
  counted: ['reports', 'counted'] as const,
}

const TOUCHES: Record<Tag, readonly (readonly string[])[]> = {
  workspace: [keys.workspace],
  inbox: [keys.inbox, keys.today],
  ticket: [keys.ticket],
  reviews: [keys.reviews],
  batches: [keys.batches],
  alerts: [keys.alerts, keys.counts, keys.today],
  backups: [keys.backups],
  promise: [keys.promise],
  calendar: [keys.calendar],
  shifts: [keys.shifts, keys.today],
  alert_rules: [keys.alertRules],
  bots: [keys.bots],
  today: [keys.today],
  reports: [keys.reports],
}

/** What reports count. */
const COUNTED: ReadonlySet<Tag> = new Set(['inbox', 'ticket', 'reviews', 'batches'])
/** A report on screen follows a busy desk at this distance: numbers that jump all the time cannot be read. */
const RECOUNT_MS = 10_000
const recounting = new WeakSet<QueryClient>()

export function invalidate(client: QueryClient, tags: readonly Tag[]) {
  for (const tag of tags) {
    for (const queryKey of TOUCHES[tag] ?? []) void client.invalidateQueries({ queryKey })
  }
  if (tags.some((tag) => COUNTED.has(tag))) recount(client)
}

function recount(client: QueryClient) {
  // Whoever opens a report from now on gets it counted again.
  void client.invalidateQueries({ queryKey: keys.counted, refetchType: 'none' })
  if (recounting.has(client)) return
  recounting.add(client)
  setTimeout(() => {
    recounting.delete(client)
    void client.invalidateQueries({ queryKey: keys.counted })
  }, RECOUNT_MS)
}
