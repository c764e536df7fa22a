import 'dayjs/locale/zh-cn'
import 'dayjs/locale/zh-tw'
import { MantineProvider } from '@mantine/core'
import { DatesProvider } from '@mantine/dates'
import { ModalsProvider } from '@mantine/modals'
import { Notifications } from '@mantine/notifications'
import { MutationCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { type ReactNode, useEffect, useMemo } from 'react'
import { I18nextProvider, useTranslation } from 'react-i18next'
import { Failure, Waiting } from './components/states'
import { Welcome } from './features/onboarding/Welcome'
import { personDialog } from './features/people/PersonDialog'
import { useWorkspaceQuery } from './features/workspace'
import i18n, { speak } from './i18n'
import { CoreError } from './ipc/errors'
import { type AppRouter, createAppRouter } from './routes/router'
import { resolver, theme } from './styles/theme'

export function createClient() {
  return new QueryClient({
    // Whatever needs to know who sits here asks, and then goes on with what was begun.
    mutationCache: new MutationCache({
      onError: (error, variables, _before, mutation) => {
        if (!(error instanceof CoreError) || error.code !== 'no_actor') return
        // The screen that began it says what fails on the second try.
        personDialog.set({ open: true, goOn: () => void mutation.execute(variables).catch(() => {}) })
      },
    }),
    defaultOptions: {
      // The core is on this machine and says itself what changed; asking again by time or focus would only cost.
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        networkMode: 'always',
        retry: (count, error) => !(error instanceof CoreError) && count < 1,
      },
      mutations: { networkMode: 'always' },
    },
  })
}

export function App({ router, client }: { router?: AppRouter; client?: QueryClient }) {
  const ownClient = useMemo(() => client ?? createClient(), [client])
  const ownRouter = useMemo(() => router ?? createAppRouter(), [router])
  return (
    <I18nextProvider i18n={i18n}>
      <QueryClientProvider client={ownClient}>
        <MantineProvider
          theme={theme}
          cssVariablesResolver={resolver}
          defaultColorScheme="auto"
          env={import.meta.env.MODE === 'test' ? 'test' : 'default'}
        >
          <Floats />
          <ModalsProvider>
            <Notifications position="bottom-right" zIndex={400} />
            <Dates>
              <Gate router={ownRouter} />
            </Dates>
          </ModalsProvider>
        </MantineProvider>
      </QueryClientProvider>
    </I18nextProvider>
  )
}

/** Date pickers speak the window's language. */
function Dates({ children }: { children: ReactNode }) {
  const { i18n } = useTranslation()
  return <DatesProvider settings={{ locale: i18n.language.toLowerCase() }}>{children}</DatesProvider>
}

function Floats() {
  const { t } = useTranslation()
  return <section id="floats" aria-label={t('common.floats')} />
}

/** Nothing is shown before the workspace is known; the welcome comes before everything else. */
function Gate({ router }: { router: AppRouter }) {
  const { t } = useTranslation()
  const { data, error, refetch } = useWorkspaceQuery()
  useEffect(() => {
    if (data) speak(data.locale)
  }, [data])
  useEffect(() => {
    document.title = t('app.title')
  }, [t])
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (!data) return <Waiting />
  if (!data.welcomed) return <Welcome router={router} />
  return <RouterProvider router={router} />
}
