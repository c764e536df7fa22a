import { keepPreviousData, type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { ReportFormat, ReportSchedule } from '@/ipc/bindings'
import { unwrap } from '@/ipc/errors'
import { core } from '@/ipc/platform'
import { keys } from '@/ipc/tags'
import { type OpenedSet, queryOf, type ReportSearch } from './search'
import { type Query, type Report, whole } from './whole'

const reportKey = (query: Query) => [...keys.counted, 'report', query] as const
const archivedKey = (id: string) => [...keys.reports, 'archived', id] as const
const archiveKey = [...keys.reports, 'archive'] as const

async function fetchReport(client: QueryClient, query: Query) {
  const report = whole(await unwrap(core().reportGet(query)))
  // Asked for without its day, it is the report of that day as well.
  if (query.day === null) client.setQueryData(reportKey(report.query), report)
  return report
}

/** Counts the newest weekly report and the one before ahead of anybody's asking: opening them then shows them at once. */
export async function prepareReport(client: QueryClient) {
  const newest = queryOf({})
  const ready = await unwrap(core().reportPrepare()).catch(() => false)
  if (!ready) return
  await prepare(client, newest, Number.POSITIVE_INFINITY)
  const report = client.getQueryData<Report>(reportKey(newest))
  if (report) await prepare(client, { ...newest, day: report.previousDay }, Number.POSITIVE_INFINITY)
}

/** A change makes it be counted again sooner. */
const FRESH_MS = 60_000

function prepare(client: QueryClient, query: Query, gcTime?: number) {
  return client.prefetchQuery({
    queryKey: reportKey(query),
    queryFn: () => fetchReport(client, query),
    staleTime: FRESH_MS,
    gcTime,
  })
}

/** Counts what one click leads to while this report is read: who looks back does so week by week. */
async function prepareNeighbours(client: QueryClient, { query, previousDay, nextDay }: Report) {
  await prepare(client, { ...query, day: previousDay })
  if (nextDay) await prepare(client, { ...query, day: nextDay })
}

/** A report, of now or out of the archive. The one before stays on screen until it is there. */
export function useReport(search: ReportSearch) {
  const client = useQueryClient()
  const query = queryOf(search)
  const { archived } = search
  const result = useQuery({
    queryKey: archived ? archivedKey(archived) : reportKey(query),
    queryFn: archived
      ? async () => {
          const report = whole(await unwrap(core().reportArchived(archived)))
          void client.invalidateQueries({ queryKey: archiveKey })
          return report
        }
      : () => fetchReport(client, query),
    placeholderData: keepPreviousData,
  })
  const shown = archived || result.isPlaceholderData ? undefined : result.data
  useEffect(() => {
    if (shown) void prepareNeighbours(client, shown)
  }, [client, shown])
  return result
}

export function useThemes(query: Query) {
  return useQuery({
    queryKey: [...keys.counted, 'themes', query],
    queryFn: () => unwrap(core().reportThemes(query)),
  })
}

/** Changes with every change of a ticket, as the inbox does. */
export function useTicketSet(set: OpenedSet) {
  const asked = { report: queryOf(set.report), key: set.key }
  return useQuery({
    queryKey: [...keys.inbox, 'set', asked],
    queryFn: async () => whole(await unwrap(core().reportTickets(asked))),
  })
}

export interface Saving {
  search: ReportSearch
  format: ReportFormat
  withPrivateData: boolean
}

export function useSaveReport() {
  return useMutation({
    mutationFn: ({ search, format, withPrivateData }: Saving) =>
      unwrap(
        search.archived
          ? core().reportArchivedSave(search.archived, format)
          : core().reportSave(queryOf(search), format, withPrivateData),
      ),
  })
}

export function useArchive(open: boolean) {
  return useQuery({ queryKey: archiveKey, queryFn: () => unwrap(core().reportArchive()), enabled: open })
}

const scheduleKey = [...keys.reports, 'schedule'] as const

export function useSchedule() {
  return useQuery({ queryKey: scheduleKey, queryFn: async () => whole(await unwrap(core().reportSchedule())) })
}

export function useSaveSchedule() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (schedule: ReportSchedule) => unwrap(core().reportScheduleSave(schedule)),
    onSuccess: (schedule) => client.setQueryData(scheduleKey, whole(schedule)),
  })
}
