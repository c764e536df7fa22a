import type { ReportCut, ReportKind, ReportQuery } from '@/ipc/bindings'
import type { Query } from './whole'

/** The address of a report: what differs from the newest weekly report of everything. */
export interface ReportSearch {
  kind?: ReportKind
  day?: string
  cut?: ReportCut
  /** A report out of the archive, by its id; it stands for all the others. */
  archived?: string
}

export const REPORT_KINDS: readonly ReportKind[] = ['daily', 'weekly', 'monthly']
export const CUTS = ['shops', 'channels', 'products', 'causes', 'tiers', 'people', 'teams', 'sources'] as const
export type CutName = (typeof CUTS)[number]

/** What may stand in an address; the core refuses words that it does not know. */
export function readSearch(search: Record<string, unknown>): ReportSearch {
  const { kind, day, cut, archived } = search
  return {
    kind: REPORT_KINDS.find((one) => one === kind),
    day: typeof day === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(day) ? day : undefined,
    cut: readCut(cut),
    archived: typeof archived === 'string' && archived !== '' ? archived : undefined,
  }
}

function readCut(cut: unknown): ReportCut | undefined {
  if (typeof cut !== 'object' || cut === null) return undefined
  const lists = CUTS.flatMap((name) => {
    const list = (cut as Record<string, unknown>)[name]
    return Array.isArray(list) && list.length > 0 && list.every((one) => typeof one === 'string') ? [[name, list]] : []
  })
  return lists.length > 0 ? (Object.fromEntries(lists) as ReportCut) : undefined
}

export function queryOf({ kind, day, cut }: ReportSearch): Query {
  const lists = Object.fromEntries(CUTS.map((name) => [name, cut?.[name] ?? []]))
  return { kind: kind ?? 'weekly', day: day ?? null, cut: lists as Query['cut'] }
}

/** The address of a report that was asked for. */
export function searchOf({ kind, day, cut }: ReportQuery): ReportSearch {
  return { kind: kind === 'weekly' ? undefined : kind, day: day ?? undefined, cut: readCut(cut) }
}

/** The tickets behind a number, and where the number stood. */
export interface OpenedSet {
  key: string
  report: ReportSearch
  at: '/report' | '/insights'
}

export function readSet(set: unknown): OpenedSet | undefined {
  if (typeof set !== 'object' || set === null) return undefined
  const { key, report, at } = set as Record<string, unknown>
  if (typeof key !== 'string' || key === '' || typeof report !== 'object' || report === null) return undefined
  return {
    key,
    report: readSearch(report as Record<string, unknown>),
    at: at === '/insights' ? '/insights' : '/report',
  }
}
