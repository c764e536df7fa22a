import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { AlertRulesSave, AlertRulesView, AlertSnooze } from '@/ipc/bindings'
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

/** A change of the rules as they stand when it is its turn: two quick clicks are two changes, the second of the first. */
export type RulesChange = (now: AlertRulesView) => Omit<AlertRulesSave, 'madeFrom'>

export function useSaveAlertRules() {
  const client = useQueryClient()
  return useMutation({
    scope: { id: 'alert-rules' },
    mutationFn: (change: RulesChange) => {
      const now = client.getQueryData<AlertRulesView>(keys.alertRules) as AlertRulesView
      return unwrap(core().alertRulesSave({ ...change(now), madeFrom: now.revision }))
    },
    onSuccess: (rules) => client.setQueryData(keys.alertRules, rules),
    // What somebody else saved meanwhile is shown beside the refusal.
    onError: () => client.invalidateQueries({ queryKey: keys.alertRules }),
  })
}
export const useMeeting = () => useRulesChange((minutes: number | null) => core().meetingMode(minutes))
