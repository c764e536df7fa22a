import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { AssignmentSave, PersonUpdate, SitDown, WorkspaceUpdate, WorkspaceView } from '@/ipc/bindings'
import { unwrap } from '@/ipc/errors'
import { core } from '@/ipc/platform'
import { keys } from '@/ipc/tags'
import { setProgramTime } from '@/lib/now'

export function useWorkspaceQuery() {
  return useQuery({
    queryKey: keys.workspace,
    queryFn: async () => {
      const workspace = await unwrap(core().workspaceGet())
      setProgramTime(workspace.now)
      return workspace
    },
  })
}

/** The workspace; only for screens below the gate in `App`, which waits for it. */
export function useWorkspace(): WorkspaceView {
  const { data } = useWorkspaceQuery()
  if (!data) throw new Error('the workspace is read before any screen')
  return data
}

function useWorkspaceMutation<I>(run: (input: I) => ReturnType<ReturnType<typeof core>['workspaceGet']>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: I) => unwrap(run(input)),
    onSuccess: (workspace) => client.setQueryData(keys.workspace, workspace),
  })
}

export const useUpdateWorkspace = () => useWorkspaceMutation((input: WorkspaceUpdate) => core().workspaceUpdate(input))
/** Drafts and queues are each person's own: what is on screen is read again for whoever sits down. */
function useDesk<I>(run: (input: I) => ReturnType<ReturnType<typeof core>['workspaceGet']>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: I) => unwrap(run(input)),
    onSuccess: (workspace) => {
      const before = client.getQueryData<WorkspaceView>(keys.workspace)?.actor
      client.setQueryData(keys.workspace, workspace)
      void client.invalidateQueries({ queryKey: keys.inbox })
      // Words that nobody's name stood under yet belong to the one who sits down now and stay on screen.
      if (before && before.id !== workspace.actor?.id) void client.resetQueries({ queryKey: keys.ticket })
      else void client.invalidateQueries({ queryKey: keys.ticket })
    },
  })
}

export const useSitDown = () => useDesk((input: SitDown) => core().personSitDown(input))
export const useStandUp = () => useDesk((_: undefined) => core().personStandUp())
export const useUpdatePerson = () => useDesk((input: PersonUpdate) => core().personUpdate(input))

/** Which department new tickets of a cause go to. */
export const useAssignment = () =>
  useQuery({ queryKey: [...keys.workspace, 'assignment'], queryFn: () => unwrap(core().assignmentGet()) })

export function useSaveAssignment() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: AssignmentSave) => unwrap(core().assignmentSave(input)),
    onSuccess: (rows) => client.setQueryData([...keys.workspace, 'assignment'], rows),
    onError: () => client.invalidateQueries({ queryKey: [...keys.workspace, 'assignment'] }),
  })
}

export const useRemoveSample = () => useWorkspaceMutation((_: undefined) => core().sampleRemove())

export function useTestNotification() {
  return useMutation({ mutationFn: () => unwrap(core().notificationTest()) })
}

export function useLoadSample() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => unwrap(core().sampleLoad()),
    onSuccess: () => client.invalidateQueries(),
  })
}
