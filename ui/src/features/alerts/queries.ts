import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { AlertRulesSave, AlertSnooze } from '@/ipc/bindings'
import { unwrap } from '@/ipc/errors'
import { core } from '@/ipc/platform'
import { keys } from '@/ipc/tags'

export function useAlerts() {
  return useQuery({
    queryKey: keys.alerts,
    queryFn: () => unwrap(core().alertList()),
  })
}

function useAlertChange<I>(run: (input: I) => Promise<unknown>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: run,
    onSuccess: () =>
      Promise.all(
        [keys.alerts, keys.counts, keys.ticket, keys.today].map((queryKey) => client.invalidateQueries({ queryKey })),
      ),
  })
}

export const useSeeAlerts = () => useAlertChange((ids: string[]) => unwrap(core().alertSeen(ids)))
export const useAcknowledge = () => useAlertChange((ids: string[]) => unwrap(core().alertAcknowledge(ids)))
export const useSnooze = () => useAlertChange((input: AlertSnooze) => unwrap(core().alertSnooze(input)))

export function useAlertRules() {
  return useQuery({ queryKey: keys.alertRules, queryFn: () => unwrap(core().alertRulesGet()) })
}

function useRulesChange<I>(run: (input: I) => ReturnType<ReturnType<typeof core>['alertRulesGet']>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: I) => unwrap(run(input)),
    onSuccess: (rules) => client.setQueryData(keys.alertRules, rules),
  })
}

export const useSaveAlertRules = () => useRulesChange((input: AlertRulesSave) => core().alertRulesSave(input))
export const useMeeting = () => useRulesChange((minutes: number | null) => core().meetingMode(minutes))
