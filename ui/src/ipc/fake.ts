/*
 * The platform in memory, for `npm run dev` in a browser and for the tests. It plays the core's part with invented data;
 * its deadlines are plain 24×7 sums. The product never contains it: `main.tsx` loads it in dev and demo mode only.
 */
import type {
  Action,
  ActivityView,
  AlertSnooze,
  AlertView,
  AppError,
  AssignmentRow,
  BackupView,
  BatchView,
  ClockView,
  DayEvent,
  FilePick,
  ImportOptions,
  ImportPlan,
  ImportProgress,
  InboxQuery,
  InboxRow,
  KeywordRule,
  PersonView,
  ReadingView,
  ReviewView,
  SlaState,
  Tag,
  TicketStatus,
  TicketView,
  Tier,
  TodayView,
  View,
  WhyQuery,
  WorkspaceView,
} from './bindings'
import { createReports } from './fake-reports'
import { createRules } from './fake-rules'
import { BATCH, bulk, history, LONG, LONG_NAME, PEOPLE, type Seed, TICKETS, unmark } from './fake-world'
import type { Commands, Platform, PlatformEvents } from './platform'

export interface FakeOptions {
  /** Answer after so many ms. */
  delay?: number
  /** Start with people, tickets and history; else as on a first start. */
  furnished?: boolean
  /** Additional plain tickets. */
  bulk?: number
  /** The clock. */
  now?: () => number
  /** Rows per second of an import. */
  rate?: number
  /** Add what strains a layout. */
  long?: boolean
}

export interface Fake extends Platform {
  /** Makes the next call of a command fail. */
  failNext(command: keyof Commands, error: AppError): void
  /** Says something as the desktop would. */
  emit<K extends keyof PlatformEvents>(event: K, payload: PlatformEvents[K]): void
  /** Every call so far, by name. */
  readonly calls: (keyof Commands)[]
  /** Saved drafts by ticket. */
  readonly drafts: Map<string, string>
}

interface Ticket {
  view: TicketView
  received: number
  tier: Tier
  firstAnswer: number | null
  solved: number | null
  closed: number | null
  pausedAt: number | null
  pausedMs: number
  sample: boolean
}

const H = 3600_000
const TARGETS: Record<Tier, [number, number | null, number]> = {
  urgent: [2, 24, 72],
  important: [12, 48, 72],
  general: [24, null, 72],
}

const LEARNED: ReadingView = {
  keywords: [
    { keyword: '假货', channels: [], urgent: true },
    { keyword: '加*微信', channels: ['meituan', 'eleme'], urgent: false },
  ],
  learning: true,
  trades: [
    {
      trade: 'restaurant',
      examples: 23,
      scores: [
        { kind: 'sentiment', trials: 23, shipped: 0.83, personal: 0.91 },
        { kind: 'causes', trials: 19, shipped: 0.68, personal: 0.79 },
      ],
      worse: ['坨了', '料少'],
      better: ['排队'],
    },
  ],
  canRestore: false,
}

export function createFake(options: FakeOptions = {}): Fake {
  const clock = options.now ?? Date.now
  const delay = options.delay ?? 0
  const rate = options.rate ?? 12_000
  const heard = new Map<string, Set<(payload: never) => void>>()
  const failures = new Map<string, AppError>()
  const calls: (keyof Commands)[] = []
  const drafts = new Map<string, string>()
  let serial = 340
  const id = (kind: string) => `${kind}-${++serial}`
  const iso = (ms: number) => new Date(ms).toISOString()

  const tickets = new Map<string, Ticket>()
  const reviews = new Map<string, ReviewView>()
  let batches: BatchView[] = []
  let alerts: AlertView[] = []
  let backups: BackupView[] = []
  const jobs = new Map<string, { file: FilePick; started: number; progress: ImportProgress; options: ImportOptions }>()
  const files = new Map<string, FilePick>()
  const undo = new Map<string, { until: number; kind: string; activityId: string; restore: Ticket }>()

  let assignment: AssignmentRow[] = [
    { cause: 'quality', department: 'quality' },
    { cause: 'hygiene', department: 'management' },
    { cause: 'service', department: 'service' },
    { cause: 'logistics', department: 'logistics' },
    { cause: 'price', department: 'desk' },
  ]
  const workspace: WorkspaceView = {
    welcomed: false,
    locale: 'zh-CN',
    industry: 'general',
    calendar: 'always',
    zone: 'Asia/Shanghai',
    openNeutral: false,
    formerPeople: [],
    people: [],
    actor: null,
    hasSample: false,
    isEmpty: true,
    notifications: 'untested',
    hasTray: true,
    closeExplained: false,
    dataFolder: '/home/lina/.local/share/cn.amends.desktop',
    version: '0.1.0',
    modelVersion: '2026-11',
    now: iso(clock()),
  }

  function emit<K extends keyof PlatformEvents>(event: K, payload: PlatformEvents[K]) {
    for (const listener of heard.get(event) ?? []) (listener as (payload: PlatformEvents[K]) => void)(payload)
  }
  const changed = (...tags: Tag[]) => setTimeout(() => emit('changed', { tags }), 0)

  class Refused extends Error {
    constructor(readonly error: AppError) {
      super(error.message)
    }
  }
  const refuse = (code: AppError['code'], message: string): never => {
    throw new Refused({ code, message, detail: null })
  }

  function act<A extends unknown[], T>(name: keyof Commands, body: (...args: A) => T) {
    return async (...args: A) => {
      calls.push(name)
      if (delay > 0) await new Promise((done) => setTimeout(done, delay))
      const failure = failures.get(name)
      if (failure) {
        failures.delete(name)
        return { status: 'error' as const, error: failure }
      }
      try {
        return { status: 'ok' as const, data: structuredClone(body(...args)) as T }
      } catch (error) {
        if (error instanceof Refused) return { status: 'error' as const, error: error.error }
        throw error
      }
    }
  }

  // -- deadlines ------------------------------------------------------------------------------------------------

  function oneClock(ticket: Ticket, metric: string, hours: number, met: number | null, pauses: boolean): ClockView {
    const now = clock()
    const paused = pauses && ticket.pausedAt !== null && met === null
    const stood = pauses ? ticket.pausedMs + (ticket.pausedAt !== null ? now - ticket.pausedAt : 0) : 0
    const due = ticket.received + hours * H + stood
    const left = Math.max(0, due - now)
    const target = hours * H
    const urgent = ticket.tier === 'urgent'
    const amber = due - target * (urgent ? 0.5 : 0.25)
    const red = urgent ? due - target * 0.25 : null
    const gone = ticket.view.status === 'dismissed' && met === null
    const state = gone
      ? 'cancelled'
      : met !== null
        ? met <= due
          ? 'met'
          : 'breached'
        : paused
          ? 'paused'
          : now > due
            ? 'breached'
            : 'running'
    const look: SlaState =
      state === 'cancelled' || met !== null
        ? 'done'
        : paused
          ? 'paused'
          : now > due
            ? 'overdue'
            : red !== null && now >= red
              ? 'critical'
              : now >= amber
                ? 'warning'
                : 'calm'
    return {
      metric,
      subject: ticket.view.review.id,
      cycle: 1,
      startAt: iso(ticket.received),
      dueAt: iso(due),
      state,
      slaState: look,
      amberAt: iso(amber),
      redAt: red === null ? null : iso(red),
      fulfilledAt: met === null ? null : iso(met),
      targetSecs: hours * 3600,
      remainingSecs: Math.floor(left / 1000),
      why: [
        { from: iso(ticket.received), to: iso(ticket.pausedAt ?? due), counted: true, reason: 'working' },
        ...(pauses && ticket.pausedAt !== null
          ? [{ from: iso(ticket.pausedAt), to: iso(now), counted: false, reason: 'paused' }]
          : []),
      ],
      whyText: `收到评价起算，全天候计时，共 ${hours} 小时${stood > 0 ? '，等待客户的时间不计' : ''}。`,
    }
  }

  function clocksOf(ticket: Ticket): ClockView[] {
    const [first, solution, close] = TARGETS[ticket.tier]
    return [
      oneClock(ticket, 'first_response', first, ticket.firstAnswer, false),
      ...(solution === null ? [] : [oneClock(ticket, 'solution', solution, ticket.solved, true)]),
      oneClock(ticket, 'closure', close, ticket.closed, false),
    ]
  }

  const OPEN: TicketStatus[] = [
    'received',
    'verifying',
    'planning',
    'communicating',
    'waiting_customer',
    'disputed',
    'resolved',
  ]

  function actionsOf(ticket: Ticket): Action[] {
    const status = ticket.view.status
    if (status === 'closed' || status === 'dismissed' || status === 'done') return ['note', 'reopen']
    const out: Action[] = ['reply', 'note', 'assign', 'tier', 'correct', 'status', 'dismiss']
    if (ticket.solved === null && status !== 'resolved') out.push('offer_solution')
    if (status !== 'resolved') out.push('resolve')
    if (status === 'resolved' && ticket.firstAnswer !== null) out.push('close')
    return out
  }

  function nextOf(ticket: Ticket): string {
    const { status } = ticket.view
    if (status === 'closed' || status === 'dismissed') return 'nothing'
    if (ticket.firstAnswer === null) return 'reply'
    if (status === 'resolved') return 'close'
    if (status === 'waiting_customer') return 'wait'
    if (ticket.solved === null) return 'offer_solution'
    return 'resolve'
  }

  const LOOP: TicketStatus[] = ['received', 'verifying', 'planning', 'communicating', 'waiting_customer']

  function show(ticket: Ticket): TicketView {
    const back = undo.get(ticket.view.id)
    const review = reviews.get(ticket.view.review.id)
    return {
      ...ticket.view,
      review: review ?? ticket.view.review,
      clocks: clocksOf(ticket),
      actions: actionsOf(ticket),
      nextStep: nextOf(ticket),
      nextStatuses: LOOP.includes(ticket.view.status)
        ? LOOP.filter((s) => s !== ticket.view.status && s !== 'received')
        : [],
      draft: drafts.get(ticket.view.id) ?? '',
      undo:
        back && back.until > clock() ? { activityId: back.activityId, kind: back.kind, until: iso(back.until) } : null,
    }
  }

  // -- the world ------------------------------------------------------------------------------------------------

  function log(ticket: Ticket, kind: string, data: [string, string][] = [], text: string | null = null): ActivityView {
    const entry = {
      id: id('a'),
      at: iso(clock()),
      actor: workspace.actor?.name ?? null,
      kind,
      data,
      text,
      undone: false,
    }
    ticket.view.activities = [...ticket.view.activities, entry]
    return entry
  }

  function open(seed: Seed, sample: boolean): Ticket {
    const start = clock()
    const { body, marks } = unmark(seed.words)
    const received = start - seed.received * 60_000
    const reviewId = id('r')
    const ticketId = id('t')
    const month = new Date(start)
    const wordsAbout = (about: string) => marks.filter((m) => m.about === about).map((m) => body.slice(m.start, m.end))
    const review: ReviewView = {
      id: reviewId,
      ticketId,
      channel: seed.channel,
      shop: seed.shop ?? null,
      stars: seed.stars,
      ratingRaw: String(seed.stars),
      polarity: null,
      title: null,
      body,
      marks,
      hasText: body !== '',
      author: seed.author ?? null,
      orderId: seed.order ?? null,
      product: seed.product ?? null,
      variant: seed.variant ?? null,
      postedAt: iso(start - seed.posted * 60_000),
      postedPrecision: 'min',
      receivedAt: iso(received),
      url: seed.url ?? null,
      merchantReply: null,
      sentiment: seed.sentiment ?? 'neg',
      versions: seed.earlier ? [{ at: iso(received - 40 * 60_000), stars: 3, body: seed.earlier }] : [],
      appends: seed.append ? [{ at: iso(received + 55 * 60_000), stars: null, body: seed.append }] : [],
    }
    reviews.set(reviewId, review)
    const ticket: Ticket = {
      received,
      tier: seed.tier,
      firstAnswer: seed.reply ? received + 40 * 60_000 : null,
      solved: seed.status === 'resolved' ? received + 60 * 60_000 : null,
      closed: null,
      pausedAt: seed.status === 'waiting_customer' ? received + 3 * H : null,
      pausedMs: 0,
      sample,
      view: {
        id: ticketId,
        number: `${String(month.getFullYear()).slice(2)}${String(month.getMonth() + 1).padStart(2, '0')}-${String(serial).padStart(4, '0')}`,
        version: 1,
        status: seed.status ?? 'received',
        tier: {
          tier: seed.tier,
          rule: seed.rule,
          steps: seed.steps ?? [],
          keyword: null,
          byPerson: null,
          tellManager: seed.tier === 'urgent',
          replyNeedsApproval: false,
        },
        review,
        assessment: {
          sentiment: seed.sentiment ?? 'neg',
          negativeProbability: 0.96,
          causes: seed.causes.map(([cause, probability]) => ({
            cause,
            probability,
            by: 'both',
            words: wordsAbout(cause),
          })),
          severity: seed.severity,
          risks: (seed.risks ?? []).map(([risk, probability]) => ({
            risk,
            probability,
            by: 'both',
            words: wordsAbout(risk),
          })),
          genuine: true,
          starsDisagree: seed.stars >= 4,
          confidence: seed.doubtful ? 0.48 : 0.93,
          needsConfirmation: seed.doubtful ?? false,
          language: body === '' ? 'none' : /[一-鿿]/.test(body) ? 'chinese' : 'english',
        },
        clocks: [],
        activities: [
          {
            id: id('a'),
            at: iso(received),
            actor: null,
            kind: 'received',
            data: [['channel', seed.channel]],
            text: null,
            undone: false,
          },
          {
            id: id('a'),
            at: iso(received),
            actor: null,
            kind: 'assessed',
            data: [
              ['severity', seed.severity],
              ['tier', seed.tier],
            ],
            text: null,
            undone: false,
          },
          ...(seed.reply
            ? [
                {
                  id: id('a'),
                  at: iso(received + 40 * 60_000),
                  actor: '李娜',
                  kind: 'reply_published',
                  data: [] as [string, string][],
                  text: seed.reply,
                  undone: false,
                },
              ]
            : []),
        ],
        draft: '',
        draftAt: null,
        owner: seed.owner === undefined ? null : ([...PEOPLE, LONG_NAME][seed.owner] ?? null),
        actions: [],
        undo: null,
        customerReviews: seed.steps?.includes('again') ? 3 : 0,
        customerNegative: seed.steps?.includes('again') ? 2 : 0,
        sample,
        nextStatuses: [],
        nextStep: '',
      },
    }
    tickets.set(ticketId, ticket)
    return ticket
  }

  function furnish(sample: boolean) {
    for (const seed of [...TICKETS, ...(options.long ? LONG : []), ...bulk(options.bulk ?? 0)]) open(seed, sample)
    const start = clock()
    for (const past of history(90)) {
      const reviewId = id('r')
      reviews.set(reviewId, {
        id: reviewId,
        ticketId: null,
        channel: past.channel,
        shop: past.shop ?? null,
        stars: past.stars,
        ratingRaw: String(past.stars),
        polarity: null,
        title: null,
        body: past.words,
        marks: [],
        hasText: true,
        author: past.author,
        orderId: null,
        product: past.product,
        variant: null,
        postedAt: iso(start - past.days * 24 * H),
        postedPrecision: 'day',
        receivedAt: iso(start - H),
        url: null,
        merchantReply: past.sentiment === 'neg' ? '非常抱歉，已退款并联系您。' : null,
        sentiment: past.sentiment,
        versions: [],
        appends: [],
      })
    }
    const urgent = [...tickets.values()].filter((ticket) => ticket.tier === 'urgent').slice(0, 3)
    alerts = urgent.map((ticket, at) => ({
      id: id('al'),
      ticketId: ticket.view.id,
      number: ticket.view.number,
      tier: 'urgent',
      level: at === 0 ? 'overdue' : 'new_urgent',
      metric: at === 0 ? 'first_response' : null,
      at: iso(at === 0 ? ticket.received + 2 * H : ticket.received),
      title: at === 0 ? '首次答复已超时' : '新的紧急差评',
      body: ticket.view.review.body.slice(0, 40),
      seen: at === 2,
      failed: at === 0,
      acknowledged: at === 2,
      snoozedUntil: null,
      recipient: at === 0 ? '周凯、何敏' : '李娜',
      state: at === 0 ? 'failed' : 'rung',
    }))
    workspace.isEmpty = false
  }

  if (options.furnished) {
    workspace.welcomed = true
    workspace.people = options.long ? [...PEOPLE, LONG_NAME] : [...PEOPLE]
    workspace.actor = PEOPLE[0] as PersonView
    workspace.industry = 'restaurant'
    workspace.notifications = 'confirmed'
    furnish(false)
    batches = [
      { ...BATCH, at: iso(clock() - 2 * H) },
      {
        ...BATCH,
        id: 'b-0',
        fileName: '天猫_近三个月.xlsx',
        channel: 'tmall',
        format: 'xlsx',
        encoding: null,
        at: iso(clock() - 26 * H),
        read: 8420,
        new: 8391,
        updated: 0,
        unchanged: 29,
        rejected: 0,
        history: 8380,
        tickets: 11,
        urgent: 1,
        warnings: [],
        rejects: [],
        undone: false,
      },
    ]
    backups = [1, 2, 3].map((day) => ({
      name: `amends-${day}.sqlite`,
      at: iso(clock() - day * 24 * H),
      bytes: 4_812_800 + day * 4096,
      automatic: true,
    }))
  }

  // -- reading --------------------------------------------------------------------------------------------------

  function nearest(ticket: Ticket): ClockView | null {
    const waiting = clocksOf(ticket).filter((c) => c.fulfilledAt === null && c.state !== 'cancelled')
    if (!OPEN.includes(ticket.view.status)) return null
    return waiting.sort((a, b) => a.dueAt.localeCompare(b.dueAt))[0] ?? null
  }

  function inView(ticket: Ticket, view: View): boolean {
    const { status, owner, assessment } = ticket.view
    const live = OPEN.includes(status)
    const due = nearest(ticket)
    const left = due ? Date.parse(due.dueAt) - clock() : Number.POSITIVE_INFINITY
    switch (view) {
      case 'all':
        return true
      case 'open':
        return live
      case 'mine':
        return live && status !== 'waiting_customer' && (owner === null || owner.id === workspace.actor?.id)
      case 'urgent':
        return live && ticket.tier === 'urgent'
      case 'due_1h':
        return live && due?.state === 'running' && left >= 0 && left <= H
      case 'overdue':
        return live && left < 0
      case 'waiting':
        return status === 'waiting_customer'
      case 'unassigned':
        return live && owner === null
      case 'low_confidence':
        return live && assessment.needsConfirmation
    }
  }

  function row(ticket: Ticket): InboxRow {
    const { view } = ticket
    const due = nearest(ticket)
    const firstMark = view.review.marks[0]?.start ?? 0
    const from = Math.max(0, Math.min(firstMark - 14, view.review.body.length - 60))
    const excerpt = view.review.body.slice(from, from + 90)
    return {
      id: view.id,
      number: view.number,
      version: view.version,
      tier: ticket.tier,
      status: view.status,
      clock: due && { ...due },
      channel: view.review.channel,
      shop: view.review.shop,
      stars: view.review.stars,
      polarity: null,
      excerpt,
      marks: view.review.marks
        .map((m) => ({ ...m, start: m.start - from, end: Math.min(m.end - from, excerpt.length) }))
        .filter((m) => m.start >= 0 && m.start < m.end),
      product: view.review.product,
      author: view.review.author,
      causes: view.assessment.causes.map((c) => c.cause),
      risks: view.assessment.risks.map((r) => r.risk),
      owner: view.owner,
      needsConfirmation: view.assessment.needsConfirmation,
      hasDraft: (drafts.get(view.id) ?? '') !== '',
    }
  }

  const midnight = () => Math.floor((clock() + 8 * H) / (24 * H)) * 24 * H - 8 * H

  function happened(ticket: Ticket, day: DayEvent, hour: number | null | undefined): boolean {
    const due = inView(ticket, 'open') ? nearest(ticket)?.dueAt : undefined
    const dueMs = due ? Date.parse(due) : null
    const at = {
      due: dueMs,
      due_later: dueMs !== null && dueMs >= clock() ? dueMs : null,
      arrived: ticket.received,
      answered: ticket.firstAnswer,
      closed: ticket.closed,
    }[day]
    const since = at == null ? -1 : Math.floor((at - midnight()) / H)
    return since >= 0 && since < 24 && (hour == null || hour === since)
  }

  function find(query: InboxQuery): Ticket[] {
    const words = (query.search ?? '').trim()
    const some = <T>(list: T[] | undefined, test: (value: T) => boolean) =>
      !list || list.length === 0 || list.some(test)
    return [...tickets.values()]
      .filter((ticket) => inView(ticket, query.view))
      .filter((ticket) => {
        if (words === '') return true
        const { review, number } = ticket.view
        return [review.body, review.product, review.author, review.orderId, number].some((text) =>
          text?.includes(words),
        )
      })
      .filter((ticket) => some(query.tiers, (tier) => tier === ticket.tier))
      .filter((ticket) => some(query.causes, (cause) => ticket.view.assessment.causes.some((c) => c.cause === cause)))
      .filter((ticket) => some(query.channels, (channel) => channel === ticket.view.review.channel))
      .filter((ticket) => some(query.statuses, (status) => status === ticket.view.status))
      .filter((ticket) => some(query.owners, (owner) => owner === (ticket.view.owner?.id ?? 'nobody')))
      .filter((ticket) => !query.day || happened(ticket, query.day, query.hour))
      .sort(
        (a, b) =>
          (nearest(a)?.dueAt ?? '9').localeCompare(nearest(b)?.dueAt ?? '9') || a.view.id.localeCompare(b.view.id),
      )
  }

  function page<T>(all: T[], cursor: string | null | undefined, limit: number) {
    const from = cursor ? Number(cursor) : 0
    const rows = all.slice(from, from + limit)
    return { rows, next: from + limit < all.length ? String(from + limit) : null, total: all.length, more: false }
  }

  // -- writing --------------------------------------------------------------------------------------------------

  function change(
    ref: { id: string; version: number },
    kind: string,
    body: (ticket: Ticket) => void,
    words: { data?: [string, string][]; text?: string | null } = {},
  ) {
    if (!workspace.actor) refuse('no_actor', '还不知道是谁在用这台电脑。先选一下，再继续。')
    const ticket = tickets.get(ref.id) ?? refuse('not_found', '这张工单已经不在了。')
    if (ticket.view.version !== ref.version)
      refuse('conflict', '这张工单刚被改过，已经为您换成最新的，请看一眼再操作。')
    const restore: Ticket = structuredClone(ticket)
    body(ticket)
    ticket.view.version += 1
    const entry = log(ticket, kind, words.data ?? [], words.text ?? null)
    undo.set(ticket.view.id, { until: clock() + 8000, kind, activityId: entry.id, restore })
    changed('inbox', 'ticket')
    return show(ticket)
  }

  function move(ticket: Ticket, status: TicketStatus) {
    const now = clock()
    if (ticket.pausedAt !== null && status !== 'waiting_customer') {
      ticket.pausedMs += now - ticket.pausedAt
      ticket.pausedAt = null
    }
    if (status === 'waiting_customer') ticket.pausedAt = now
    ticket.view.status = status
  }

  // -- import ---------------------------------------------------------------------------------------------------

  function pick(name: string, bytes: number): FilePick {
    const file = { token: id('f'), name, bytes }
    files.set(file.token, file)
    return file
  }

  function plan(file: FilePick, chosen: ImportOptions): ImportPlan {
    if (/\.(png|jpe?g|exe|pdf)$/i.test(file.name)) {
      refuse('file', `「${file.name}」不是评价表格。请从平台后台导出 CSV 或 Excel 后再拖进来，什么都没有写入。`)
    }
    const start = clock()
    const mapping = chosen.mapping ?? []
    const field = (index: number, found: string | null) => {
      const choice = mapping.find((m) => m.index === index)
      return choice ? choice.field : found
    }
    const columns: [string, string | null, string[]][] = [
      ['订单编号', 'order_id', ['8021447103901', '8021447103902', '8021447103903']],
      ['评价时间', 'posted', ['2026-11-21 19:02', '2026-11-21 19:10', '2026-11-21 20:31']],
      ['总体评分', 'rating', ['1', '5', '2']],
      ['评价内容', 'body', ['等了一个半小时，汤洒了', '好吃', '少放了一份米饭']],
      ['商家回复', 'reply', ['', '谢谢', '']],
      ['门店', 'shop', ['大学城店', '大学城店', '人民广场店']],
      ['骑手编号', null, ['R-0021', 'R-0098', 'R-0007']],
    ]
    const needsScale = /评分/.test(file.name) && !chosen.scale
    const needsShop = /门店/.test(file.name) && !chosen.shop
    return {
      file,
      format: file.name.endsWith('.xlsx') ? 'xlsx' : 'csv',
      encoding: file.name.endsWith('.xlsx') ? null : (chosen.encoding ?? 'gb18030'),
      sheet: file.name.endsWith('.xlsx') ? (chosen.sheet ?? '评价明细') : null,
      channel: chosen.channel ?? 'meituan',
      channelCertain: chosen.channel != null,
      headerRow: 4,
      scale: 'stars5',
      zone: 'Asia/Shanghai',
      columns: columns.map(([header, found, samples], index) => ({
        index,
        header,
        field: field(index, found),
        samples,
      })),
      fields: [
        'body',
        'rating',
        'posted',
        'order_id',
        'product',
        'author',
        'shop',
        'reply',
        'reply_time',
        'append_body',
        'append_time',
        'title',
        'url',
      ],
      rowsEstimate: 36_000,
      preview: TICKETS.slice(0, 10).map((seed, at) => ({
        row: 5 + at,
        postedAt: iso(start - seed.posted * 60_000),
        precision: 'min',
        stars: seed.stars,
        polarity: null,
        body: unmark(seed.words).body,
        orderId: seed.order ?? null,
        product: seed.product ?? null,
        author: seed.author ?? null,
        shop: seed.shop ?? chosen.shop ?? '大学城店',
        hasReply: seed.reply !== undefined,
        append: false,
      })),
      questions: needsScale
        ? [{ code: 'scale', text: '评分是几分制？例如这一行写的是 8。', choices: ['stars5', 'stars10', 'percent'] }]
        : needsShop
          ? [{ code: 'shop', text: '文件里没有门店，这些评价是哪家店的？', choices: [] }]
          : [],
      warnings: [{ code: 'preamble', row: 1, count: 3, text: '前 3 行是说明文字，已跳过。' }],
      importedBefore: null,
    }
  }

  function finish(job: string): BatchView {
    const running = jobs.get(job)
    if (!tickets.size) furnish(false)
    const batch: BatchView = {
      ...BATCH,
      id: id('b'),
      fileName: running?.file.name ?? '',
      at: iso(clock()),
      by: workspace.actor?.name ?? null,
      read: 36_000,
      new: 35_905,
      history: 35_889,
    }
    batches = [batch, ...batches]
    workspace.isEmpty = false
    changed('batches', 'inbox', 'reviews', 'workspace', 'alerts')
    return batch
  }

  function advance(job: string): ImportProgress {
    const running = jobs.get(job) ?? refuse('not_found', '这次导入已经结束了。')
    if (running.progress.state !== 'running') return running.progress
    const seconds = (clock() - running.started) / 1000
    const rows = Math.min(36_000, Math.floor(seconds * rate))
    const done = rows >= 36_000
    running.progress = {
      job,
      state: done ? 'done' : 'running',
      rows,
      share: rows / 36_000,
      rowsPerSec: rate,
      secsLeft: Math.ceil((36_000 - rows) / rate),
      result: done ? finish(job) : null,
      error: null,
    }
    return running.progress
  }

  const rules = createRules({
    act,
    clock,
    id,
    changed,
    refuse,
    people: () => workspace.people,
    actor: () => workspace.actor,
    openRows: () => find({ view: 'open', limit: 200 }).map(row),
  })

  const reports = createReports({
    act,
    clock,
    id,
    changed,
    refuse,
    people: () => workspace.people,
    actor: () => workspace.actor,
    rows: () => find({ view: 'all', limit: 200 }).map(row),
    isEmpty: () => workspace.isEmpty,
  })

  function today(): TodayView {
    const now = clock()
    const start = midnight()
    const hourOf = (ms: number) => Math.floor((ms - start) / H)
    const live = find({ view: 'open', limit: 200 })
    const due = live.flatMap((ticket) => nearest(ticket) ?? [])
    const hours = Array.from({ length: 24 }, (_, hour) => ({
      hour,
      due: due.filter((one) => hourOf(Date.parse(one.dueAt)) === hour).length,
      arrived: [...tickets.values()].filter((ticket) => hourOf(ticket.received) === hour).length,
      answered: [...tickets.values()].filter((ticket) => ticket.firstAnswer && hourOf(ticket.firstAnswer) === hour)
        .length,
    }))
    const since = (ms: number | null) => ms !== null && ms >= start
    const count = (view: View) => find({ view, limit: 200 }).length
    const duty = rules.dutyNow()
    return {
      now: iso(now),
      open: live.length,
      dueToday: find({ view: 'open', day: 'due_later', limit: 200 }).length,
      overdue: count('overdue'),
      atRisk: count('due_1h'),
      newToday: [...tickets.values()].filter((ticket) => since(ticket.received)).length,
      answeredToday: [...tickets.values()].filter((ticket) => since(ticket.firstAnswer)).length,
      closedToday: [...tickets.values()].filter((ticket) => since(ticket.closed)).length,
      hours,
      breaching: live.slice(0, 10).map(row),
      duty,
      loads: workspace.people.map((person) => {
        const own = live.filter((ticket) => ticket.view.owner?.id === person.id)
        return {
          person,
          open: own.length,
          overdue: own.filter((ticket) => inView(ticket, 'overdue')).length,
          onShift: duty.onShift.some((one) => one.id === person.id),
        }
      }),
      sources: batches
        .filter((batch) => !batch.undone)
        .map((batch, at) => ({
          name: batch.channel,
          lastAt: batch.at,
          reviewsToday: Date.parse(batch.at) >= start ? batch.new : 0,
          problem: at === 1 ? '26 小时没有新文件了' : null,
        })),
      unreadAlerts: alerts.filter((alert) => !alert.seen).length,
      catchingUp: 0,
    }
  }

  let reading = LEARNED
  const commands: Commands = {
    ...rules.commands,
    ...reports.commands,
    todayGet: act('todayGet', today),
    readingGet: act('readingGet', () => reading),
    keywordsSave: act('keywordsSave', (keywords: KeywordRule[]) => {
      reading = { ...reading, keywords }
      return reading
    }),
    learningSwitch: act('learningSwitch', (learning: boolean) => {
      reading = { ...reading, learning }
      return reading
    }),
    learningReset: act('learningReset', () => {
      reading = { ...reading, trades: [], canRestore: true }
      return reading
    }),
    learningRestore: act('learningRestore', () => {
      reading = LEARNED
      return reading
    }),
    alertAcknowledge: act('alertAcknowledge', (ids: string[]) => {
      alerts = alerts.map((alert) => (ids.includes(alert.id) ? { ...alert, seen: true, acknowledged: true } : alert))
      changed('alerts')
      return null
    }),
    alertSnooze: act('alertSnooze', (input: AlertSnooze) => {
      const until = iso(clock() + input.minutes * 60_000)
      alerts = alerts.map((alert) => (alert.id === input.id ? { ...alert, seen: true, snoozedUntil: until } : alert))
      changed('alerts', 'ticket')
      return null
    }),
    ticketTakeBack: act('ticketTakeBack', (ticketId: string) => {
      const ticket = tickets.get(ticketId) ?? refuse('not_found', '这张工单已经不在了。')
      return change({ id: ticketId, version: ticket.view.version }, 'unassigned', (taken) => {
        taken.view.owner = null
      })
    }),
    ticketWhy: act('ticketWhy', (input: WhyQuery) => {
      const ticket = tickets.get(input.id) ?? refuse('not_found', '这张工单已经不在了。')
      const own = clocksOf(ticket).find((one) => one.metric === input.metric) ?? refuse('not_found', '没有这个时限。')
      const at = { first_response: 0, solution: 1, closure: 2 }[input.metric] ?? 0
      return {
        clock: own,
        tier: ticket.tier,
        policyVersion: 1,
        calendarVersion: 3,
        zone: workspace.zone,
        originalDueAt: iso(ticket.received + own.targetSecs * 1000),
        pausedSecs: Math.floor(ticket.pausedMs / 1000),
        flags: [],
        whatIf: (['urgent', 'important', 'general'] as const)
          .filter((tier) => tier !== ticket.tier)
          .map((tier) => {
            const hours = TARGETS[tier][at] ?? null
            if (hours === null) return { tier, dueAt: null, state: null, grace: false }
            const due = ticket.received + hours * H
            return { tier, dueAt: iso(due), state: due < clock() ? 'breached' : 'running', grace: false } as const
          }),
      }
    }),
    workspaceGet: act('workspaceGet', () => ({ ...workspace, now: iso(clock()) })),
    workspaceUpdate: act('workspaceUpdate', (input) => {
      const { notificationSeen, ...fields } = input
      for (const [name, value] of Object.entries(fields)) if (value != null) Object.assign(workspace, { [name]: value })
      if (notificationSeen != null) workspace.notifications = notificationSeen ? 'confirmed' : 'not_seen'
      changed('workspace')
      return { ...workspace, now: iso(clock()) }
    }),
    personSitDown: act('personSitDown', (input) => {
      const known = workspace.people.find((person) => person.id === input.id || person.name === input.name?.trim())
      if (known) workspace.actor = known
      else {
        const name = (input.name ?? '').trim()
        if (name === '' || name.length > 40) refuse('invalid', '请写 1 到 40 个字的称呼。')
        workspace.actor = { id: id('p'), name, role: input.role ?? 'agent', department: 'desk', active: true }
        workspace.people = [...workspace.people, workspace.actor]
      }
      changed('workspace', 'inbox')
      return { ...workspace, now: iso(clock()) }
    }),
    personUpdate: act('personUpdate', (input) => {
      const all = [...workspace.people, ...workspace.formerPeople]
      const person = all.find((one) => one.id === input.id)
      if (!person) refuse('not_found', '没有这位同事。')
      const after = { ...person, ...Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null)) }
      const people = all.map((one) => (one.id === input.id ? (after as typeof one) : one))
      workspace.people = people.filter((one) => one.active)
      workspace.formerPeople = people.filter((one) => !one.active)
      changed('workspace', 'inbox')
      return { ...workspace, now: iso(clock()) }
    }),
    assignmentGet: act('assignmentGet', () => assignment),
    assignmentSave: act('assignmentSave', ({ rows }) => {
      assignment = rows
      changed('workspace')
      return assignment
    }),
    personStandUp: act('personStandUp', () => {
      workspace.actor = null
      changed('workspace', 'inbox')
      return { ...workspace, now: iso(clock()) }
    }),
    notificationTest: act('notificationTest', () => workspace.notifications),
    sampleLoad: act('sampleLoad', () => {
      furnish(true)
      workspace.hasSample = true
      const batch: BatchView = {
        ...BATCH,
        id: id('b'),
        fileName: '示例数据',
        at: iso(clock()),
        sample: true,
        rejected: 0,
        rejects: [],
        warnings: [],
      }
      batches = [batch, ...batches]
      changed('workspace', 'inbox', 'reviews', 'batches', 'alerts')
      return batch
    }),
    sampleRemove: act('sampleRemove', () => {
      for (const [key, ticket] of tickets) {
        if (!ticket.sample) continue
        tickets.delete(key)
        reviews.delete(ticket.view.review.id)
      }
      for (const [key, review] of reviews) if (review.ticketId === null) reviews.delete(key)
      batches = batches.filter((batch) => !batch.sample)
      alerts = []
      workspace.hasSample = false
      workspace.isEmpty = tickets.size === 0
      changed('workspace', 'inbox', 'reviews', 'batches', 'alerts')
      return { ...workspace, now: iso(clock()) }
    }),
    importChoose: act('importChoose', () => pick('外卖评价_11月.csv', 6_284_112)),
    importInspect: act('importInspect', (token, chosen) =>
      plan(files.get(token) ?? refuse('not_found', '请重新选择文件。'), chosen),
    ),
    importStart: act('importStart', (token, chosen) => {
      const file = files.get(token) ?? refuse('not_found', '请重新选择文件。')
      const job = id('j')
      const progress: ImportProgress = {
        job,
        state: 'running',
        rows: 0,
        share: 0,
        rowsPerSec: 0,
        secsLeft: null,
        result: null,
        error: null,
      }
      jobs.set(job, { file, started: clock(), progress, options: chosen })
      return progress
    }),
    importProgress: act('importProgress', advance),
    importCancel: act('importCancel', (job) => {
      const running = jobs.get(job) ?? refuse('not_found', '这次导入已经结束了。')
      if (running.progress.state === 'running') running.progress = { ...running.progress, state: 'cancelled' }
      return running.progress
    }),
    batchList: act('batchList', () => batches),
    batchUndo: act('batchUndo', (batchId) => {
      const batch = batches.find((b) => b.id === batchId) ?? refuse('not_found', '没有这次导入。')
      batch.undone = true
      changed('batches', 'inbox', 'reviews')
      return batch
    }),
    batchRestore: act('batchRestore', (batchId) => {
      const batch = batches.find((b) => b.id === batchId) ?? refuse('not_found', '没有这次导入。')
      batch.undone = false
      changed('batches', 'inbox', 'reviews')
      return batch
    }),
    rejectedSave: act('rejectedSave', () => ({ name: '没进来的行.csv', rows: 5 })),
    inboxCounts: act('inboxCounts', () => {
      const count = (view: View) => [...tickets.values()].filter((ticket) => inView(ticket, view)).length
      return {
        mine: count('mine'),
        urgent: count('urgent'),
        due1h: count('due_1h'),
        overdue: count('overdue'),
        waiting: count('waiting'),
        unassigned: count('unassigned'),
        lowConfidence: count('low_confidence'),
        open: count('open'),
        all: count('all'),
        alerts: alerts.filter((alert) => !alert.seen).length,
        reviews: reviews.size,
        channels: [...new Set([...tickets.values()].map((ticket) => ticket.view.review.channel))],
      }
    }),
    inboxPage: act('inboxPage', (query) => {
      const found = page(find(query), query.cursor, query.limit)
      return { ...found, rows: found.rows.map(row) }
    }),
    inboxExport: act('inboxExport', (query) => ({ name: '工单.xlsx', rows: find(query).length })),
    ticketGet: act('ticketGet', (ticketId) =>
      show(tickets.get(ticketId) ?? refuse('not_found', '这张工单已经不在了。')),
    ),
    ticketOpen: act('ticketOpen', (reviewId) => {
      const review = reviews.get(reviewId) ?? refuse('not_found', '这条评价已经不在了。')
      if (review.ticketId) refuse('not_now', '这条评价已经有工单了。')
      const ticket = open(
        {
          words: review.body,
          tier: 'general',
          channel: review.channel,
          product: review.product ?? '',
          author: review.author ?? '',
          stars: review.stars ?? 3,
          received: 0,
          posted: 60,
          causes: [],
          severity: 'minor',
          rule: 'by_hand',
        },
        false,
      )
      reviews.delete(reviewId)
      changed('inbox', 'reviews')
      return show(ticket)
    }),
    draftSave: act('draftSave', (input) => {
      if (!workspace.actor) refuse('no_actor', '还不知道是谁在用这台电脑。先选一下，再继续。')
      if (input.body === '') drafts.delete(input.ticketId)
      else drafts.set(input.ticketId, input.body)
      const ticket = tickets.get(input.ticketId)
      if (ticket) ticket.view.draftAt = input.body === '' ? null : iso(clock())
      return null
    }),
    ticketReply: act('ticketReply', (input) =>
      change(
        input.ticket,
        'reply_published',
        (ticket) => {
          if (input.body.trim() === '') refuse('invalid', '先写好答复，再标记。')
          ticket.firstAnswer ??= input.at ? Date.parse(input.at) : clock()
          if (['received', 'verifying', 'planning'].includes(ticket.view.status)) move(ticket, 'communicating')
          drafts.delete(ticket.view.id)
          ticket.view.draftAt = null
        },
        { text: input.body, data: input.at ? [['at', input.at]] : [] },
      ),
    ),
    ticketNote: act('ticketNote', (input) => change(input.ticket, 'note_added', () => {}, { text: input.body })),
    ticketCorrect: act('ticketCorrect', (input) =>
      change(
        input.ticket,
        input.tier
          ? 'tier'
          : input.causes
            ? 'causes_corrected'
            : input.severity
              ? 'severity_corrected'
              : 'sentiment_corrected',
        (ticket) => {
          const { assessment, tier } = ticket.view
          if (input.tier) {
            ticket.tier = input.tier
            tier.tier = input.tier
            tier.byPerson = workspace.actor?.name ?? null
          }
          if (input.causes)
            assessment.causes = input.causes.map((cause) => ({ cause, probability: 1, by: 'person', words: [] }))
          if (input.severity) assessment.severity = input.severity
          if (input.sentiment) assessment.sentiment = input.sentiment
          assessment.needsConfirmation = false
        },
        {
          data: [
            ...(input.tier ? [['tier', input.tier] as [string, string]] : []),
            ...(input.causes ? [['causes', input.causes.join(',')] as [string, string]] : []),
          ],
          text: input.reason,
        },
      ),
    ),
    ticketDismiss: act('ticketDismiss', (input) => {
      if (input.reason === 'other' && !input.note?.trim()) refuse('invalid', '选了「其他」，请写一句原因。')
      return change(input.ticket, 'dismissed', (ticket) => move(ticket, 'dismissed'), {
        data: [['reason', input.reason]],
        text: input.note,
      })
    }),
    ticketStatus: act('ticketStatus', (input) => {
      if (input.status === 'waiting_customer' && !input.reason?.trim()) refuse('invalid', '暂停要写一句原因。')
      return change(input.ticket, 'status', (ticket) => move(ticket, input.status), {
        data: [['status', input.status]],
        text: input.reason,
      })
    }),
    ticketOfferSolution: act('ticketOfferSolution', (input) =>
      change(
        input.ticket,
        'solution_offered',
        (ticket) => {
          ticket.solved = clock()
          move(ticket, 'communicating')
        },
        { text: input.body },
      ),
    ),
    ticketResolve: act('ticketResolve', (input) =>
      change(
        input.ticket,
        'resolved',
        (ticket) => {
          ticket.solved ??= clock()
          move(ticket, 'resolved')
        },
        { text: input.body || null },
      ),
    ),
    ticketClose: act('ticketClose', (input) =>
      change(
        input.ticket,
        'closed',
        (ticket) => {
          ticket.closed = clock()
          move(ticket, 'closed')
        },
        { data: [['invitation', input.invitation]], text: input.reason },
      ),
    ),
    ticketReopen: act('ticketReopen', (input) =>
      change(
        input.ticket,
        'reopened',
        (ticket) => {
          ticket.received = clock()
          ticket.firstAnswer = null
          ticket.solved = null
          ticket.closed = null
          move(ticket, 'verifying')
        },
        { text: input.body },
      ),
    ),
    ticketAssign: act('ticketAssign', (input) =>
      change(
        input.ticket,
        'assigned',
        (ticket) => {
          ticket.view.owner = workspace.people.find((person) => person.id === input.personId) ?? null
        },
        { data: [['to', workspace.people.find((person) => person.id === input.personId)?.name ?? '']] },
      ),
    ),
    ticketUndo: act('ticketUndo', (input) => {
      const back = undo.get(input.ticketId)
      const ticket = tickets.get(input.ticketId) ?? refuse('not_found', '这张工单已经不在了。')
      if (!back || back.until < clock()) refuse('not_now', '超过 8 秒，不能撤回了。')
      else {
        const done = ticket.view.activities.map((a) => (a.id === back.activityId ? { ...a, undone: true } : a))
        const version = ticket.view.version + 1
        Object.assign(ticket, structuredClone(back.restore))
        ticket.view.version = version
        ticket.view.activities = done
        const words = done.find((a) => a.id === back.activityId)
        if (words?.kind === 'reply_published' && words.text) drafts.set(input.ticketId, words.text)
        undo.delete(input.ticketId)
        changed('inbox', 'ticket')
      }
      return show(ticket)
    }),
    reviewPage: act('reviewPage', (query) => {
      const words = (query.search ?? '').trim()
      const found = [...reviews.values()]
        .filter((review) => !query.withoutTicket || review.ticketId === null)
        .filter((review) => !query.channels?.length || query.channels.includes(review.channel))
        .filter((review) => !query.sentiments?.length || query.sentiments.includes(review.sentiment))
        .filter(
          (review) =>
            words === '' ||
            [review.body, review.product, review.author, review.orderId].some((text) => text?.includes(words)),
        )
        .sort((a, b) => (b.postedAt ?? '').localeCompare(a.postedAt ?? '') || a.id.localeCompare(b.id))
      return page(found, query.cursor, query.limit)
    }),
    reviewGet: act('reviewGet', (reviewId) => reviews.get(reviewId) ?? refuse('not_found', '这条评价已经不在了。')),
    alertList: act('alertList', () => alerts),
    alertSeen: act('alertSeen', (ids) => {
      alerts = alerts.map((alert) => (ids.includes(alert.id) ? { ...alert, seen: true } : alert))
      changed('alerts')
      return null
    }),
    backupList: act('backupList', () => backups),
    backupNow: act('backupNow', () => {
      const backup = { name: `amends-${++serial}.sqlite`, at: iso(clock()), bytes: 4_902_912, automatic: false }
      backups = [backup, ...backups]
      changed('backups')
      return backup
    }),
    backupRestore: act('backupRestore', () => ({ ...workspace, now: iso(clock()) })),
    backupRestoreFile: act('backupRestoreFile', () => ({ ...workspace, now: iso(clock()) })),
    backupSaveCopy: act('backupSaveCopy', () => ({ name: 'amends-备份.sqlite', rows: tickets.size })),
  }

  if (typeof window !== 'undefined') {
    window.addEventListener('dragover', (event) => {
      event.preventDefault()
      emit('dragHover', { over: true })
    })
    window.addEventListener('dragleave', () => emit('dragHover', { over: false }))
    window.addEventListener('drop', (event) => {
      event.preventDefault()
      emit('dragHover', { over: false })
      const dropped = [...(event.dataTransfer?.files ?? [])].map((file) => pick(file.name, file.size))
      if (dropped.length > 0) emit('filesDropped', { files: dropped })
    })
  }

  return {
    commands,
    calls,
    drafts,
    emit,
    failNext: (command, error) => void failures.set(command, error),
    listen(event, listener) {
      const set = heard.get(event) ?? new Set()
      heard.set(event, set)
      set.add(listener as (payload: never) => void)
      return () => void set.delete(listener as (payload: never) => void)
    },
  }
}
