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

export function invalidate(client: QueryClient, tags: readonly Tag[]) {
  for (const tag of tags) {
    for (const queryKey of TOUCHES[tag] ?? []) void client.invalidateQueries({ queryKey })
  }
}
