import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  type RouterHistory,
  redirect,
} from '@tanstack/react-router'
import { Failure } from '@/components/states'
import { AlertSettings } from '@/features/alerts/AlertSettings'
import { BotSettings } from '@/features/bots/BotSettings'
import { CalendarSettings } from '@/features/calendar/CalendarSettings'
import { InboxPage } from '@/features/inbox/InboxPage'
import { DAY_EVENTS, DAY_HOURS, VIEWS } from '@/features/inbox/views'
import { InsightsPage } from '@/features/insights/InsightsPage'
import { PromiseSettings } from '@/features/promise/PromiseSettings'
import { ReadingSettings } from '@/features/reading/ReadingSettings'
import { ReportPage } from '@/features/report/ReportPage'
import { ScheduleSettings } from '@/features/report/ScheduleSettings'
import { type OpenedSet, readSearch, readSet } from '@/features/report/search'
import { ReviewsPage } from '@/features/reviews/ReviewsPage'
import { About } from '@/features/settings/About'
import { Data } from '@/features/settings/Data'
import { General } from '@/features/settings/General'
import { Keys } from '@/features/settings/Keys'
import { People } from '@/features/settings/People'
import { SettingsFrame } from '@/features/settings/SettingsFrame'
import { ShiftSettings } from '@/features/shifts/ShiftSettings'
import { SourcesPage } from '@/features/sources/SourcesPage'
import { TodayPage } from '@/features/today/TodayPage'
import type { Cause, DayEvent, ReviewChannel, TicketStatus, Tier, View } from '@/ipc/bindings'
import { Shell } from './Shell'

export interface InboxSearch {
  view: View
  q?: string
  ticket?: string
  tiers?: Tier[]
  causes?: Cause[]
  channels?: ReviewChannel[]
  statuses?: TicketStatus[]
  /** People by id; `nobody` for tickets without an owner. */
  owners?: string[]
  /** Only what this happened to today … */
  day?: DayEvent
  /** … in this hour. */
  hour?: number
  /** The tickets behind a number of a report, instead of a view. */
  set?: OpenedSet
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
    owners: list(search.owners),
    day: DAY_EVENTS.find((event) => event === search.day),
    hour: DAY_HOURS.find((hour) => hour === search.hour),
    set: readSet(search.set),
  }),
})

const reviews = createRoute({ getParentRoute: () => root, path: '/reviews', component: ReviewsPage })
const sources = createRoute({ getParentRoute: () => root, path: '/sources', component: SourcesPage })
const today = createRoute({ getParentRoute: () => root, path: '/today', component: TodayPage })

const report = createRoute({
  getParentRoute: () => root,
  path: '/report',
  component: ReportPage,
  validateSearch: readSearch,
})
const insights = createRoute({
  getParentRoute: () => root,
  path: '/insights',
  component: InsightsPage,
  validateSearch: readSearch,
})

const settings = createRoute({ getParentRoute: () => root, path: '/settings', component: SettingsFrame })
const inSettings = () => settings
const settingsHome = createRoute({
  getParentRoute: inSettings,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/settings/general' })
  },
})
const sections = [
  settingsHome,
  createRoute({ getParentRoute: inSettings, path: '/general', component: General }),
  createRoute({ getParentRoute: inSettings, path: '/people', component: People }),
  createRoute({ getParentRoute: inSettings, path: '/reading', component: ReadingSettings }),
  createRoute({ getParentRoute: inSettings, path: '/promise', component: PromiseSettings }),
  createRoute({ getParentRoute: inSettings, path: '/calendar', component: CalendarSettings }),
  createRoute({ getParentRoute: inSettings, path: '/shifts', component: ShiftSettings }),
  createRoute({ getParentRoute: inSettings, path: '/alerts', component: AlertSettings }),
  createRoute({ getParentRoute: inSettings, path: '/bots', component: BotSettings }),
  createRoute({ getParentRoute: inSettings, path: '/reports', component: ScheduleSettings }),
  createRoute({ getParentRoute: inSettings, path: '/keys', component: Keys }),
  createRoute({ getParentRoute: inSettings, path: '/data', component: Data }),
  createRoute({ getParentRoute: inSettings, path: '/about', component: About }),
] as const

const routeTree = root.addChildren([
  home,
  inbox,
  today,
  report,
  insights,
  reviews,
  sources,
  settings.addChildren(sections),
])

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
