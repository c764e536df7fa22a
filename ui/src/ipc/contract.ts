/*
 * The commands of issue 4 as agreed with the core, until `bindings.ts` is generated with them; then this file goes.
 */
import { invoke } from '@tauri-apps/api/core'
import type { AppError, ClockState, ClockView, InboxRow, PersonView, TicketStatus, TicketView, Tier } from './bindings'

export interface TierTargets {
  firstResponse: number | null
  nextResponse: number | null
  solution: number | null
  closure: number | null
}
export type StartAt = 'received' | 'posted'
export interface PauseRule {
  metric: string
  statuses: TicketStatus[]
}
export interface PromiseRules {
  urgent: TierTargets
  important: TierTargets
  general: TierTargets
  start: StartAt
  pauses: PauseRule[]
  pauseCapSecs: number
  warnFirst: number
  warnSecond: number
  warnOverdue: number
  followUpFromDay: number
  followUpToDay: number
  contactFrom: string
  contactTo: string
  respectHolidays: boolean
  reopenDays: number
}
export interface PromiseView {
  version: number
  savedAt: string
  savedBy: string | null
  rules: PromiseRules
}
export interface PromiseSave {
  rules: PromiseRules
  applyToOpen: boolean
}
export interface MovedDeadline {
  ticketId: string
  number: string
  tier: Tier
  metric: string
  from: string | null
  to: string | null
  late: boolean
}
export interface ApplyPreview {
  open: number
  moved: number
  late: number
  examples: MovedDeadline[]
}

export interface WindowOfDay {
  open: string
  close: string
}
export interface DayOverride {
  date: string
  closed: boolean
  windows: WindowOfDay[]
  note: string
}
export interface CalendarRules {
  zone: string
  always: boolean
  holidays: boolean
  weekly: WindowOfDay[][]
  overrides: DayOverride[]
}
export interface CalendarSummary {
  shop: string | null
  version: number
  zone: string
  always: boolean
  holidays: boolean
}
export interface CalendarView {
  shop: string | null
  inherited: boolean
  version: number
  rules: CalendarRules
}
export interface YearQuery {
  shop: string | null
  year: number
  rules: CalendarRules | null
}
export type DayKind = 'work' | 'rest' | 'holiday' | 'makeup' | 'override_closed' | 'override_open'
export interface DayView {
  date: string
  kind: DayKind
  windows: WindowOfDay[]
  name: string | null
  assumed: boolean
}
export interface YearView {
  year: number
  published: boolean
  days: DayView[]
  notice: string | null
}
export interface CalendarSave {
  shop: string | null
  rules: CalendarRules
  applyToOpen: boolean
}
export interface DayChange {
  date: string
  from: string
  to: string
}
export interface CalendarPreview {
  days: DayChange[]
  apply: ApplyPreview
}
export interface CalendarImport {
  name: string
  added: DayOverride[]
  skipped: string[]
}

export interface ShiftView {
  id: string
  name: string
  from: string
  to: string
  color: number
}
export interface Slot {
  date: string
  shiftId: string
  personId: string
}
export interface Absence {
  id: string
  personId: string
  from: string
  to: string
  note: string
}
export interface OnCallSlot {
  date: string
  personId: string
}
export interface NextShift {
  name: string
  at: string
}
export interface HandoverView {
  by: string
  at: string
  text: string
}
export interface DutyNow {
  onShift: PersonView[]
  onCall: PersonView | null
  next: NextShift | null
  handover: HandoverView | null
}
export interface RosterView {
  week: string
  shifts: ShiftView[]
  slots: Slot[]
  absences: Absence[]
  onCall: OnCallSlot[]
  now: DutyNow
  enabled: boolean
}
export interface ShiftSave {
  enabled: boolean
  shifts: ShiftView[]
}
export interface RosterSet {
  date: string
  shiftId: string
  personIds: string[]
}
export interface OnCallSet {
  date: string
  personId: string | null
}
export interface Rotate {
  fromWeek: string
  weeks: number
  everyWeeks: number
}
export interface AbsenceAdd {
  personId: string
  from: string
  to: string
  note: string
}

export type AlertLevel = 'new_urgent' | 'l1' | 'l2' | 'due' | 'overdue'
export type SoundName = 'none' | 'soft' | 'clear' | 'urgent'
export type Recipient = 'assignee' | 'approver' | 'on_call' | 'supervisor' | 'manager'
export interface LevelChoice {
  level: AlertLevel
  native: boolean
  sound: SoundName
  volume: number
}
export interface QuietWindow {
  from: string
  to: string
}
export interface PersonAlerts {
  levels: LevelChoice[]
  quiet: QuietWindow | null
  meetingUntil: string | null
  tiers: Tier[]
}
export interface LadderStep {
  level: AlertLevel
  recipients: Recipient[]
}
export interface AlertRulesView {
  mine: PersonAlerts
  ladder: LadderStep[]
  repeatUrgentSecs: number
  takeBackSecs: number | null
  autostart: boolean
  autostartAvailable: boolean
  keyringAvailable: boolean
}
export interface AlertRulesSave {
  mine?: PersonAlerts | null
  repeatUrgentSecs?: number | null
  takeBackSecs?: number | null
  autostart?: boolean | null
  ladder?: LadderStep[] | null
}
export interface SoundTest {
  sound: SoundName
  volume: number
}

export type BotKind = 'wecom' | 'dingtalk' | 'feishu' | 'webhook'
export interface BotView {
  id: string
  kind: BotKind
  name: string
  levels: AlertLevel[]
  quiet: QuietWindow | null
  enabled: boolean
  address: string
  hasSecret: boolean
  keyword: string | null
  waiting: number
  lastOkAt: string | null
  lastError: string | null
}
export interface BotSave {
  id: string | null
  kind: BotKind
  name: string
  address: string | null
  secret: string | null
  levels: AlertLevel[]
  quiet: QuietWindow | null
  enabled: boolean
  keyword: string | null
}
export interface BotTest {
  ok: boolean
  message: string
}

export interface HourLoad {
  hour: number
  due: number
  arrived: number
  answered: number
}
export interface PersonLoad {
  person: PersonView | null
  open: number
  overdue: number
  onShift: boolean
}
export interface SourceHealth {
  name: string
  lastAt: string | null
  reviewsToday: number
  problem: string | null
}
export interface TodayView {
  now: string
  open: number
  dueToday: number
  overdue: number
  atRisk: number
  newToday: number
  answeredToday: number
  closedToday: number
  hours: HourLoad[]
  breaching: InboxRow[]
  duty: DutyNow
  loads: PersonLoad[]
  sources: SourceHealth[]
  unreadAlerts: number
}

export type AlertState = 'pending' | 'held' | 'rung' | 'folded' | 'skipped' | 'failed'
/** What `AlertView` gains. */
export interface AlertHistory {
  acknowledged?: boolean
  snoozedUntil?: string | null
  recipient?: string | null
  state?: AlertState
}
export interface AlertSnooze {
  id: string
  minutes: number
}

/** What `ClockView` gains. */
export interface ClockSubject {
  subject?: string
}
export interface WhyQuery {
  id: string
  metric: string
  cycle: number
  subject: string
}
export interface WhatIf {
  tier: Tier
  dueAt: string | null
  state: ClockState | null
  grace: boolean
}
export interface ClockWhy {
  clock: ClockView
  tier: Tier
  policyVersion: number
  calendarVersion: number
  zone: string
  originalDueAt: string
  pausedSecs: number
  flags: string[]
  whatIf: WhatIf[]
}

export interface SoundPlay {
  sound: SoundTest
}

type Answer<T> = Promise<{ status: 'ok'; data: T } | { status: 'error'; error: AppError }>

async function call<T>(name: string, args?: Record<string, unknown>): Answer<T> {
  try {
    return { status: 'ok', data: await invoke<T>(name, args) }
  } catch (error) {
    if (error instanceof Error) throw error
    return { status: 'error', error: error as AppError }
  }
}

export const contractCommands = {
  promiseGet: () => call<PromiseView>('promise_get'),
  promisePreview: (rules: PromiseRules) => call<ApplyPreview>('promise_preview', { rules }),
  promiseSave: (input: PromiseSave) => call<PromiseView>('promise_save', { input }),
  calendarList: () => call<CalendarSummary[]>('calendar_list'),
  calendarGet: (shop: string | null) => call<CalendarView>('calendar_get', { shop }),
  calendarYear: (input: YearQuery) => call<YearView>('calendar_year', { input }),
  calendarPreview: (input: CalendarSave) => call<CalendarPreview>('calendar_preview', { input }),
  calendarSave: (input: CalendarSave) => call<CalendarView>('calendar_save', { input }),
  calendarForget: (shop: string) => call<CalendarSummary[]>('calendar_forget', { shop }),
  calendarImportChoose: (shop: string | null) => call<CalendarImport | null>('calendar_import_choose', { shop }),
  shiftGet: (week: string) => call<RosterView>('shift_get', { week }),
  shiftSave: (input: ShiftSave) => call<RosterView>('shift_save', { input }),
  rosterSet: (input: RosterSet) => call<RosterView>('roster_set', { input }),
  oncallSet: (input: OnCallSet) => call<RosterView>('oncall_set', { input }),
  rosterRotate: (input: Rotate) => call<RosterView>('roster_rotate', { input }),
  absenceAdd: (input: AbsenceAdd) => call<RosterView>('absence_add', { input }),
  absenceRemove: (id: string) => call<RosterView>('absence_remove', { id }),
  handoverSave: (text: string) => call<RosterView>('handover_save', { text }),
  alertRulesGet: () => call<AlertRulesView>('alert_rules_get'),
  alertRulesSave: (input: AlertRulesSave) => call<AlertRulesView>('alert_rules_save', { input }),
  meetingMode: (minutes: number | null) => call<AlertRulesView>('meeting_mode', { minutes }),
  soundTest: (input: SoundTest) => call<null>('sound_test', { input }),
  alertAcknowledge: (ids: string[]) => call<null>('alert_acknowledge', { ids }),
  alertSnooze: (input: AlertSnooze) => call<null>('alert_snooze', { input }),
  ticketTakeBack: (id: string) => call<TicketView>('ticket_take_back', { id }),
  botList: () => call<BotView[]>('bot_list'),
  botSave: (input: BotSave) => call<BotView[]>('bot_save', { input }),
  botRemove: (id: string) => call<BotView[]>('bot_remove', { id }),
  botTest: (id: string) => call<BotTest>('bot_test', { id }),
  todayGet: () => call<TodayView>('today_get'),
  ticketWhy: (input: WhyQuery) => call<ClockWhy>('ticket_why', { input }),
}
