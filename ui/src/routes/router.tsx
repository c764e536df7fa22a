import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  type RouterHistory,
  redirect,
} from '@tanstack/react-router'
import { Failure } from '@/components/states'
import { InboxPage } from '@/features/inbox/InboxPage'
import { VIEWS } from '@/features/inbox/views'
import { ReviewsPage } from '@/features/reviews/ReviewsPage'
import { SettingsPage } from '@/features/settings/SettingsPage'
import { SourcesPage } from '@/features/sources/SourcesPage'
import type { Cause, ReviewChannel, TicketStatus, Tier, View } from '@/ipc/bindings'
import { Shell } from './Shell'

export interface InboxSearch {
  view: View
  q?: string
  ticket?: string
  tiers?: Tier[]
  causes?: Cause[]
  channels?: ReviewChannel[]
  statuses?: TicketStatus[]
}

const words = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
// The core refuses words that it does not know; here only the shape matters.
const list = <T,>(value: unknown) => (Array.isArray(value) && value.length > 0 ? (value as T[]) : undefined)

const root = createRootRoute({ component: Shell })

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/inbox', search: { view: 'mine' } })
  },
})

const inbox = createRoute({
  getParentRoute: () => root,
  path: '/inbox',
  component: InboxPage,
  validateSearch: (search: Record<string, unknown>): InboxSearch => ({
    view: VIEWS.find((view) => view === search.view) ?? 'mine',
    q: words(search.q),
    ticket: words(search.ticket),
    tiers: list(search.tiers),
    causes: list(search.causes),
    channels: list(search.channels),
    statuses: list(search.statuses),
  }),
})

const reviews = createRoute({ getParentRoute: () => root, path: '/reviews', component: ReviewsPage })
const sources = createRoute({ getParentRoute: () => root, path: '/sources', component: SourcesPage })
const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: SettingsPage,
  validateSearch: (search: Record<string, unknown>): { section?: string } => ({ section: words(search.section) }),
})

const routeTree = root.addChildren([home, inbox, reviews, sources, settings])

/** A screen that broke: the rest of the window lives on. */
function Broken({ error, reset }: { error: unknown; reset: () => void }) {
  return <Failure error={error} retry={reset} />
}

export function createAppRouter(history: RouterHistory = createHashHistory()) {
  return createRouter({ routeTree, history, defaultPreload: false, defaultErrorComponent: Broken })
}
export type AppRouter = ReturnType<typeof createAppRouter>

declare module '@tanstack/react-router' {
  interface Register {
    router: AppRouter
  }
}
