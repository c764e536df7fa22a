/*
 * The part of the fake core that keeps rules: promise, calendars, shifts, alert choices and bots. It reckons only what
 * the window shows; the real reckoning is the core's.
 */
import type {
  AlertRulesSave,
  AlertRulesView,
  AppError,
  ApplyPreview,
  BotSave,
  BotView,
  CalendarRules,
  CalendarSave,
  CalendarSummary,
  CalendarView,
  DayKind,
  DayView,
  DutyNow,
  HolidaySave,
  HolidayView,
  InboxRow,
  Metric,
  OnCallSet,
  PersonView,
  PromiseSave,
  PromiseView,
  RosterSet,
  RosterView,
  ShiftSave,
  Tag,
  WindowOfDay,
} from './bindings'
import type { Commands } from './platform'

const DAY = 86_400_000
const HOUR = 3600

/** The 2026 notice of the State Council; make-up workdays are the second list. */
const HOLIDAYS: [string, string, string][] = [
  ['2026-01-01', '2026-01-03', '元旦'],
  ['2026-02-15', '2026-02-23', '春节'],
  ['2026-04-04', '2026-04-06', '清明节'],
  ['2026-05-01', '2026-05-05', '劳动节'],
  ['2026-06-19', '2026-06-21', '端午节'],
  ['2026-09-25', '2026-09-27', '中秋节'],
  ['2026-10-01', '2026-10-07', '国庆节'],
]
const MAKEUP: Record<string, string> = {
  '2026-01-04': '元旦',
  '2026-02-14': '春节',
  '2026-02-28': '春节',
  '2026-05-09': '劳动节',
  '2026-09-20': '国庆节',
  '2026-10-10': '国庆节',
}
/** Dates that every year has, shown as assumed while the year's notice is not out. */
const FIXED: Record<string, string> = {
  '01-01': '元旦',
  '05-01': '劳动节',
  '10-01': '国庆节',
  '10-02': '国庆节',
  '10-03': '国庆节',
}
const PUBLISHED = 2026

const WORKDAY: WindowOfDay[] = [
  { open: '09:00', close: '12:00' },
  { open: '13:30', close: '18:00' },
]
const WHOLE: WindowOfDay[] = [{ open: '00:00', close: '24:00' }]

const dateOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)

function dayOf(rules: CalendarRules, date: string): DayView {
  const ms = Date.parse(`${date}T00:00:00Z`)
  const weekday = (new Date(ms).getUTCDay() + 6) % 7
  const own = rules.overrides.find((one) => one.date === date)
  if (own) {
    const kind: DayKind = own.closed ? 'override_closed' : 'override_open'
    return { date, kind, windows: own.closed ? [] : own.windows, name: own.note || null, assumed: false }
  }
  if (rules.always) return { date, kind: 'work', windows: WHOLE, name: null, assumed: false }
  const windows = rules.weekly[weekday] ?? []
  if (rules.holidays) {
    const holiday = HOLIDAYS.find(([from, to]) => date >= from && date <= to)
    if (holiday) return { date, kind: 'holiday', windows: [], name: holiday[2], assumed: false }
    const makeup = MAKEUP[date]
    if (makeup) return { date, kind: 'makeup', windows: rules.weekly[0] ?? [], name: makeup, assumed: false }
    const fixed = Number(date.slice(0, 4)) > PUBLISHED ? FIXED[date.slice(5)] : undefined
    if (fixed) return { date, kind: 'holiday', windows: [], name: fixed, assumed: true }
  }
  return { date, kind: windows.length > 0 ? 'work' : 'rest', windows, name: null, assumed: false }
}

function yearOf(rules: CalendarRules, year: number): DayView[] {
  const days: DayView[] = []
  for (let ms = Date.UTC(year, 0, 1); ms < Date.UTC(year + 1, 0, 1); ms += DAY) days.push(dayOf(rules, dateOf(ms)))
  return days
}

const sayDay = (day: DayView) =>
  day.windows.length === 0 ? '休息' : day.windows.map(({ open, close }) => `${open}–${close}`).join('、')

interface World {
  act: <A extends unknown[], T>(
    name: keyof Commands,
    body: (...args: A) => T,
  ) => (...args: A) => Promise<{ status: 'ok'; data: T } | { status: 'error'; error: AppError }>
  clock: () => number
  id: (kind: string) => string
  changed: (...tags: Tag[]) => void
  refuse: (code: AppError['code'], message: string) => never
  people: () => PersonView[]
  actor: () => PersonView | null
  /** Open tickets, the most pressing first. */
  openRows: () => InboxRow[]
}

export function createRules(world: World) {
  const { act, changed, clock, id, refuse } = world
  const iso = (ms: number) => new Date(ms).toISOString()
  const today = dateOf(clock())
  const monday = dateOf(Date.parse(`${today}T00:00:00Z`) - ((new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7) * DAY)
  const plus = (date: string, days: number) => dateOf(Date.parse(`${date}T00:00:00Z`) + days * DAY)

  let promise: PromiseView = {
    version: 1,
    savedAt: iso(clock() - 40 * DAY),
    savedBy: null,
    rules: {
      urgent: { firstResponse: 2 * HOUR, nextResponse: 2 * HOUR, solution: 24 * HOUR, closure: 72 * HOUR },
      important: { firstResponse: 12 * HOUR, nextResponse: 12 * HOUR, solution: 48 * HOUR, closure: 72 * HOUR },
      general: { firstResponse: 24 * HOUR, nextResponse: 24 * HOUR, solution: null, closure: 72 * HOUR },
      start: 'received',
      pauses: [{ metric: 'solution', statuses: ['waiting_customer', 'disputed'] }],
      pauseCapSecs: 72 * HOUR,
      warnFirst: 75,
      warnSecond: 90,
      warnOverdue: 25,
      followUpFromDay: 3,
      followUpToDay: 7,
      contactFrom: '09:00',
      contactTo: '21:00',
      respectHolidays: false,
      reopenDays: 7,
    },
  }

  const byDefault: CalendarRules = {
    zone: 'Asia/Shanghai',
    always: false,
    holidays: true,
    weekly: [WORKDAY, WORKDAY, WORKDAY, WORKDAY, WORKDAY, [], []],
    overrides: [{ date: '2026-12-31', closed: false, windows: [{ open: '09:00', close: '15:00' }], note: '年末盘点' }],
  }
  const calendars = new Map<string | null, { version: number; rules: CalendarRules; savedBy?: string }>([
    [null, { version: 3, rules: byDefault }],
    [
      '人民广场店',
      {
        version: 1,
        rules: {
          ...byDefault,
          weekly: Array.from({ length: 7 }, () => [{ open: '10:00', close: '02:00' }]),
          overrides: [],
        },
      },
    ],
  ])
  const summaries = (): CalendarSummary[] =>
    [...calendars].map(([shop, { version, rules }]) => ({
      shop,
      version,
      zone: rules.zone,
      always: rules.always,
      holidays: rules.holidays,
    }))
  const calendarOf = (shop: string | null): CalendarView => {
    const own = calendars.get(shop)
    const used = own ?? calendars.get(null)
    if (!used) return refuse('not_found', '没有默认日历。')
    const saved = iso(clock() - 20 * DAY)
    return {
      shop,
      inherited: own === undefined,
      version: used.version,
      savedAt: saved,
      savedBy: used.savedBy ?? null,
      rules: used.rules,
    }
  }

  /** What a change would move: with tighter rules the most pressing ones, so that the preview has something to say. */
  function moved(moves: (row: InboxRow) => number | null): ApplyPreview {
    const rows = world.openRows().filter((row) => row.clock)
    const examples = rows.flatMap((row) => {
      const shift = moves(row)
      if (!row.clock || shift === null || shift === 0) return []
      const to = Date.parse(row.clock.dueAt) + shift
      return [
        {
          ticketId: row.id,
          number: row.number,
          tier: row.tier,
          metric: row.clock.metric as Metric,
          from: row.clock.dueAt,
          to: iso(to),
          late: to < clock() && Date.parse(row.clock.dueAt) >= clock(),
        },
      ]
    })
    return {
      open: rows.length,
      moved: examples.length,
      late: examples.filter((one) => one.late).length,
      examples: examples.slice(0, 20),
    }
  }

  let roster: Omit<RosterView, 'week' | 'now' | 'revision'> & { handover: DutyNow['handover'] } = {
    enabled: true,
    shifts: [
      { id: 's-day', name: '早班', from: '08:00', to: '16:00', color: 0 },
      { id: 's-late', name: '晚班', from: '16:00', to: '00:00', color: 1 },
      { id: 's-night', name: '夜班', from: '00:00', to: '08:00', color: 2 },
    ],
    slots: Array.from({ length: 7 }, (_, day) => [
      { date: plus(monday, day), shiftId: 's-day', personId: 'p-lina' },
      ...(day < 5 ? [{ date: plus(monday, day), shiftId: 's-day', personId: 'p-he' }] : []),
      { date: plus(monday, day), shiftId: 's-late', personId: 'p-zhou' },
    ]).flat(),
    absences: [{ id: 'ab-1', personId: 'p-he', from: plus(monday, 3), to: plus(monday, 4), note: '年假' }],
    onCall: Array.from({ length: 5 }, (_, day) => ({ date: plus(monday, day), personId: 'p-he' })),
    handover: {
      by: '周凯',
      at: iso(clock() - 6 * 3600_000),
      text: '人民广场店的牛奶批次已停售，供应商下午三点前回复检测结果。王女士要店长亲自打电话。',
    },
  }
  const dutyNow = (): DutyNow => {
    const people = world.people()
    const find = (personId: string) => people.find((person) => person.id === personId)
    const local = new Date(clock() + 8 * 3600_000).toISOString()
    const at = local.slice(11, 16)
    const date = local.slice(0, 10)
    const here = roster.shifts.find(({ from, to }) => (to === '00:00' ? at >= from : at >= from && at < to))
    const onShift = roster.enabled
      ? roster.slots
          .filter((slot) => slot.date === date && slot.shiftId === here?.id)
          .flatMap((slot) => find(slot.personId) ?? [])
      : people
    const next =
      roster.enabled && here ? roster.shifts[(roster.shifts.indexOf(here) + 1) % roster.shifts.length] : undefined
    const day = Date.parse(`${date}T00:00:00+08:00`)
    const nextAt = next ? day + Number(next.from.slice(0, 2)) * 3600_000 : 0
    return {
      onShift,
      onCall: find(roster.onCall.find((slot) => slot.date === date)?.personId ?? '') ?? null,
      next: next ? { name: next.name, at: iso(nextAt <= clock() ? nextAt + DAY : nextAt) } : null,
      handover: roster.handover,
    }
  }
  const rosterOf = (week: string): RosterView => ({
    ...roster,
    week,
    now: dutyNow(),
    revision: JSON.stringify([roster.enabled, roster.shifts]),
  })
  const current = (madeFrom: unknown, stands: unknown) => {
    if (JSON.stringify(madeFrom) !== JSON.stringify(stands)) {
      refuse('conflict', '这里刚刚被别人改过，您这次的修改没有保存，也没有覆盖对方的。请看过最新的内容再改。')
    }
  }

  let alertRules: AlertRulesView = {
    mine: {
      levels: [
        { level: 'new_urgent', native: true, sound: 'urgent', volume: 80 },
        { level: 'l1', native: true, sound: 'soft', volume: 50 },
        { level: 'l2', native: true, sound: 'clear', volume: 60 },
        { level: 'due', native: true, sound: 'clear', volume: 70 },
        { level: 'overdue', native: true, sound: 'urgent', volume: 80 },
      ],
      quiet: { from: '22:00', to: '08:00' },
      meetingUntil: null,
      tiers: ['urgent', 'important', 'general'],
    },
    ladder: [
      { level: 'new_urgent', recipients: ['assignee', 'manager'] },
      { level: 'l1', recipients: ['assignee'] },
      { level: 'l2', recipients: ['assignee', 'on_call'] },
      { level: 'due', recipients: ['supervisor'] },
      { level: 'overdue', recipients: ['manager'] },
    ],
    repeatUrgentSecs: 120,
    takeBackSecs: 1800,
    autostart: false,
    autostartAvailable: true,
    keyringAvailable: true,
    revision: 'rules-1',
  }

  let holidays: HolidayView = {
    version: 0,
    source: null,
    savedAt: null,
    savedBy: null,
    years: [
      { year: 2025, notice: '国办发明电〔2024〕12 号', imported: false },
      { year: 2026, notice: '国办发明电〔2025〕7 号', imported: false },
    ],
    missing: 2027,
  }

  let bots: BotView[] = [
    {
      id: 'bot-1',
      kind: 'wecom',
      name: '客服值班群',
      levels: ['new_urgent', 'l2', 'due', 'overdue'],
      quiet: null,
      enabled: true,
      address: 'https://qyapi.weixin.qq.com/…key=693a••••',
      hasSecret: false,
      keyword: null,
      waiting: 0,
      lastOkAt: iso(clock() - 26 * 60_000),
      lastError: null,
      revision: 'bot-1-1',
    },
    {
      id: 'bot-2',
      kind: 'dingtalk',
      name: '店长群',
      levels: ['due', 'overdue'],
      quiet: { from: '22:00', to: '08:00' },
      enabled: true,
      address: 'https://oapi.dingtalk.com/…access_token=8f1c••••',
      hasSecret: true,
      keyword: null,
      waiting: 2,
      lastOkAt: iso(clock() - 3 * 3600_000),
      lastError: '钉钉说签名不对：请到群里重新复制加签密钥。',
      revision: 'bot-2-1',
    },
  ]

  const changedRoster = (week: string) => {
    changed('shifts', 'today')
    return rosterOf(week)
  }

  const commands = {
    promiseGet: act('promiseGet', () => promise),
    promisePreview: act('promisePreview', (rules: PromiseView['rules']) =>
      moved((row) => {
        const metric = { first_response: 'firstResponse', solution: 'solution', closure: 'closure' }[
          row.clock?.metric ?? ''
        ]
        if (!metric) return null
        const before = promise.rules[row.tier][metric as 'closure']
        const after = rules[row.tier][metric as 'closure']
        return before == null || after == null ? null : (after - before) * 1000
      }),
    ),
    promiseSave: act('promiseSave', (input: PromiseSave) => {
      current(input.madeFrom, promise.version)
      if (input.rules.warnFirst >= input.rules.warnSecond) refuse('invalid', '第二次提醒要比第一次晚。')
      promise = {
        version: promise.version + 1,
        savedAt: iso(clock()),
        savedBy: world.actor()?.name ?? null,
        rules: input.rules,
      }
      changed('promise', 'inbox', 'ticket')
      return promise
    }),
    calendarList: act('calendarList', summaries),
    calendarGet: act('calendarGet', calendarOf),
    calendarYear: act('calendarYear', (input: { shop: string | null; year: number; rules: CalendarRules | null }) => {
      const rules = input.rules ?? calendarOf(input.shop).rules
      const published = input.year <= PUBLISHED
      return {
        year: input.year,
        published,
        days: yearOf(rules, input.year),
        notice: published
          ? null
          : `${input.year} 年的放假安排还没有公布，先按固定日期推算。公布后请更新，或导入 .ics 文件。`,
      }
    }),
    calendarPreview: act('calendarPreview', (input: { shop: string | null; rules: CalendarRules }) => {
      const before = calendarOf(input.shop).rules
      const year = Number(today.slice(0, 4))
      const old = new Map([...yearOf(before, year), ...yearOf(before, year + 1)].map((day) => [day.date, day]))
      const days = [...yearOf(input.rules, year), ...yearOf(input.rules, year + 1)].flatMap((day) => {
        const was = old.get(day.date)
        return was && sayDay(was) !== sayDay(day) ? [{ date: day.date, from: sayDay(was), to: sayDay(day) }] : []
      })
      return { days, apply: moved((row) => (days.length > 0 && row.tier !== 'urgent' ? 4 * 3600_000 : null)) }
    }),
    calendarSave: act('calendarSave', (input: CalendarSave) => {
      current(input.madeFrom, calendarOf(input.shop).version)
      if (!input.rules.always && input.rules.weekly.every((day) => day.length === 0)) {
        refuse('invalid', '一周里一个营业时段都没有，时限永远走不完。请至少留一段。')
      }
      const version = (calendars.get(input.shop)?.version ?? 0) + 1
      calendars.set(input.shop, { version, rules: input.rules, savedBy: world.actor()?.name })
      changed('calendar', 'inbox', 'ticket')
      return calendarOf(input.shop)
    }),
    calendarForget: act('calendarForget', (shop: string) => {
      calendars.delete(shop)
      changed('calendar')
      return summaries()
    }),
    calendarImportChoose: act('calendarImportChoose', (_shop: string | null) => ({
      name: '2027年放假安排.ics',
      added: [
        { date: '2027-02-06', closed: true, windows: [], note: '春节' },
        { date: '2027-02-07', closed: true, windows: [], note: '春节' },
        { date: '2027-02-20', closed: false, windows: WORKDAY, note: '春节调休' },
      ],
      skipped: ['第 14 行没有日期'],
    })),
    holidayGet: act('holidayGet', () => holidays),
    holidayChoose: act('holidayChoose', () => {
      const days = [
        { date: '2027-01-01', kind: 'off' as const, name: '元旦' },
        { date: '2027-01-02', kind: 'off' as const, name: '元旦' },
        { date: '2027-02-20', kind: 'work' as const, name: '春节调休' },
      ]
      const years = [{ year: 2027, notice: '2027年放假安排.csv', imported: true }]
      return {
        save: { source: '2027年放假安排.csv', years, days, applyToOpen: false, madeFrom: holidays.version },
        years,
        changes: days.map(({ date, kind, name }) => ({
          date,
          from: date === '2027-01-01' ? ('off' as const) : null,
          to: kind,
          name,
          assumed: date === '2027-01-01',
        })),
        shops: ['人民广场店'],
        everybody: true,
        apply: moved((row) => (row.tier === 'general' ? 4 * 3600_000 : null)),
        skipped: [],
      }
    }),
    holidaySave: act('holidaySave', (input: HolidaySave) => {
      current(input.madeFrom, holidays.version)
      holidays = {
        version: holidays.version + 1,
        source: input.source,
        savedAt: iso(clock()),
        savedBy: world.actor()?.name ?? null,
        years: [...holidays.years, ...input.years],
        missing: null,
      }
      changed('calendar')
      return holidays
    }),
    shiftGet: act('shiftGet', rosterOf),
    shiftSave: act('shiftSave', ({ enabled, shifts, madeFrom }: ShiftSave) => {
      current(madeFrom, rosterOf(monday).revision)
      roster = { ...roster, enabled, shifts: shifts.map((shift) => ({ ...shift, id: shift.id || id('s') })) }
      return changedRoster(monday)
    }),
    rosterSet: act('rosterSet', (input: RosterSet) => {
      const others = roster.slots.filter((slot) => slot.date !== input.date || slot.shiftId !== input.shiftId)
      const { date, shiftId } = input
      roster = { ...roster, slots: [...others, ...input.personIds.map((personId) => ({ date, shiftId, personId }))] }
      return changedRoster(monday)
    }),
    oncallSet: act('oncallSet', (input: OnCallSet) => {
      const others = roster.onCall.filter((slot) => slot.date !== input.date)
      roster = {
        ...roster,
        onCall: input.personId ? [...others, { date: input.date, personId: input.personId }] : others,
      }
      return changedRoster(monday)
    }),
    rosterRotate: act('rosterRotate', (input: { fromWeek: string; weeks: number; everyWeeks: number }) => {
      const pattern = roster.slots.filter((slot) => slot.date >= input.fromWeek && slot.date < plus(input.fromWeek, 7))
      const later = Array.from({ length: input.weeks }, (_, week) =>
        pattern.map((slot) => ({ ...slot, date: plus(slot.date, 7 * (week + 1) * input.everyWeeks) })),
      ).flat()
      roster = { ...roster, slots: [...roster.slots.filter((slot) => slot.date < plus(input.fromWeek, 7)), ...later] }
      return changedRoster(input.fromWeek)
    }),
    absenceAdd: act('absenceAdd', (input: { personId: string; from: string; to: string; note: string }) => {
      if (input.to < input.from) refuse('invalid', '结束的那天不能早于开始的那天。')
      roster = { ...roster, absences: [...roster.absences, { id: id('ab'), ...input }] }
      return changedRoster(monday)
    }),
    absenceRemove: act('absenceRemove', (absence: string) => {
      roster = { ...roster, absences: roster.absences.filter((one) => one.id !== absence) }
      return changedRoster(monday)
    }),
    handoverSave: act('handoverSave', (text: string) => {
      const by = world.actor()?.name ?? refuse('no_actor', '还不知道是谁在用这台电脑。先选一下，再继续。')
      roster = { ...roster, handover: { by, at: iso(clock()), text } }
      return changedRoster(monday)
    }),
    alertRulesGet: act('alertRulesGet', () => alertRules),
    alertRulesSave: act('alertRulesSave', ({ madeFrom, ...input }: AlertRulesSave) => {
      current(madeFrom, alertRules.revision)
      const changes = Object.fromEntries(Object.entries(input).filter(([, value]) => value != null))
      alertRules = { ...alertRules, ...changes, revision: id('rules') }
      changed('alert_rules')
      return alertRules
    }),
    meetingMode: act('meetingMode', (minutes: number | null) => {
      const meetingUntil = minutes === null ? null : iso(clock() + minutes * 60_000)
      alertRules = { ...alertRules, mine: { ...alertRules.mine, meetingUntil } }
      changed('alert_rules')
      return alertRules
    }),
    soundTest: act('soundTest', () => null),
    botList: act('botList', () => bots),
    botSave: act('botSave', (input: BotSave) => {
      const before = bots.find((bot) => bot.id === input.id)
      if (before) current(input.madeFrom, before.revision)
      if (!before && !input.address) refuse('invalid', '请粘贴机器人的地址。')
      if (input.address && !/^https:\/\//.test(input.address)) refuse('invalid', '地址要以 https:// 开头。')
      const { kind, name, levels, quiet, enabled } = input
      const saved: BotView = {
        id: before?.id ?? id('bot'),
        kind,
        name,
        levels,
        quiet,
        enabled,
        address: input.address ? `${new URL(input.address).origin}/…••••` : (before?.address ?? ''),
        hasSecret: Boolean(input.secret) || (before?.hasSecret ?? false),
        keyword: input.keyword,
        waiting: before?.waiting ?? 0,
        lastOkAt: before?.lastOkAt ?? null,
        lastError: null,
        revision: id('bot'),
      }
      bots = before ? bots.map((bot) => (bot.id === saved.id ? saved : bot)) : [...bots, saved]
      changed('bots')
      return bots
    }),
    botRemove: act('botRemove', (bot: string) => {
      bots = bots.filter((one) => one.id !== bot)
      changed('bots')
      return bots
    }),
    botTest: act('botTest', (bot: string) => {
      const { lastError } = bots.find((one) => one.id === bot) ?? refuse('not_found', '没有这个机器人。')
      return lastError ? { ok: false, message: lastError } : { ok: true, message: '群里应该已经看到测试消息。' }
    }),
  }
  return { commands, dutyNow, roster: () => roster }
}
