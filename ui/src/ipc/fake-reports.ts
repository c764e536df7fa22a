/* The part of the fake core that reports: invented documents, themes, improvements and lessons. */
import type {
  AppError,
  ArchivedReport,
  ImprovementInput,
  ImprovementStep,
  ImprovementView,
  InboxRow,
  LessonInput,
  LessonView,
  PersonView,
  ReportQuery,
  ReportSchedule,
  ReportView,
  Tag,
  ThemesView,
  TicketSet,
  TicketSetPage,
} from './bindings'
import { type FakeSet, fakeDocument } from './fake-document'
import type { Commands } from './platform'

const DAY = 86_400_000
const KEPT_WEEKS = 8

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
  rows: () => InboxRow[]
  isEmpty: () => boolean
}

const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)
const at = (day: string) => Date.parse(`${day}T00:00:00Z`)
const say = (day: string) => `${Number(day.slice(5, 7))} 月 ${Number(day.slice(8))} 日`

function weekOf(monday: number) {
  const thursday = new Date(monday + 3 * DAY)
  const start = Date.UTC(thursday.getUTCFullYear(), 0, 1)
  const week = Math.floor((thursday.getTime() - start) / DAY / 7) + 1
  return { week, name: `${thursday.getUTCFullYear()}-W${String(week).padStart(2, '0')}` }
}

function stretch(kind: ReportQuery['kind'], ms: number) {
  const day = at(dayOf(ms))
  if (kind === 'daily') return { from: day, to: day, before: day - DAY, after: day + DAY }
  if (kind === 'monthly') {
    const [year, month] = [new Date(day).getUTCFullYear(), new Date(day).getUTCMonth()]
    const from = Date.UTC(year, month, 1)
    return { from, to: Date.UTC(year, month + 1, 1) - DAY, before: from - DAY, after: Date.UTC(year, month + 1, 1) }
  }
  const from = day - ((new Date(day).getUTCDay() + 6) % 7) * DAY
  return { from, to: from + 6 * DAY, before: from - DAY, after: from + 7 * DAY }
}

export function createReports(world: World) {
  const { act, clock, id, changed, refuse } = world
  /** Wall-clock time of the workspace's zone, read as UTC. */
  const wall = () => clock() + 8 * 3600_000
  const iso = (ms: number) => new Date(ms).toISOString()

  function report(query: ReportQuery): ReportView {
    const { kind = 'weekly', cut = {} } = query
    const today = at(dayOf(wall()))
    const running = stretch(kind, today)
    const newest = kind === 'daily' || running.to === today ? running : stretch(kind, running.before)
    const on = query.day ? stretch(kind, at(query.day)) : newest
    if (Number.isNaN(on.from)) refuse('invalid', '这一天读不出来，请写成 2026-11-22 这样。')
    const [fromDay, toDay] = [dayOf(on.from), dayOf(on.to)]
    const { week, name } = weekOf(stretch('weekly', on.from).from)
    const ago = Math.round((newest.from - on.from) / DAY / 7)
    const chosen = Object.values(cut).flat()
    const words = {
      daily: { title: `${say(fromDay)}日报`, name: fromDay, now: '这一天', before: '前一天' },
      weekly: { title: `第 ${week} 周周报`, name, now: '这一周', before: '前一周' },
      monthly: {
        title: `${Number(fromDay.slice(5, 7))} 月月报`,
        name: fromDay.slice(0, 7),
        now: '这个月',
        before: '上个月',
      },
    }[kind]
    const period =
      fromDay === toDay
        ? `${fromDay.slice(0, 4)} 年 ${say(fromDay)}`
        : `${fromDay.slice(0, 4)} 年 ${say(fromDay)} – ${fromDay.slice(0, 7) === toDay.slice(0, 7) ? `${Number(toDay.slice(8))} 日` : say(toDay)}`
    return {
      query: { kind, day: fromDay, cut },
      name: words.name,
      fromDay,
      toDay,
      running: on.to >= today,
      previousDay: dayOf(stretch(kind, on.before).from),
      nextDay: on.after > today ? null : dayOf(on.after),
      empty: world.isEmpty() || ago > KEPT_WEEKS,
      document: fakeDocument({
        ...words,
        period,
        short: words.name,
        madeAt: `${dayOf(wall())} 09:00`,
        about: chosen.length === 0 ? '全部门店与渠道' : `只看 ${chosen.join('、')}`,
        size: (ago === 0 ? 1 : 0.75 + (Math.abs(week * 7) % 5) / 20) * (chosen.length > 0 ? 0.4 : 1),
      }),
      choices: {
        shops: ['大学城店', '人民广场店', '火车站店', '湖滨店', ''],
        channels: ['meituan', 'eleme', 'taobao', 'jd', 'tmall', 'dianping', 'douyin'],
        products: ['去屑洗发水', '平板 64GB', '纯牛奶 250ml', '男士卫衣', '红烧牛肉面', '酸菜鱼双人餐'],
        people: world.people(),
        teams: ['desk', 'logistics', 'management'],
        sources: [
          { id: 'so-1', name: '文件 · 美团' },
          { id: 'so-2', name: '文件 · 天猫' },
        ],
      },
      archivedAt: null,
    }
  }

  function themes(query: ReportQuery): ThemesView {
    const { query: whole } = report(query)
    const quote = (text: string, product: string, day: number) => ({
      text,
      ticketId: world.rows().find((row) => row.product === product)?.id ?? null,
      product,
      at: iso(clock() - day * DAY),
    })
    const theme = (
      label: string,
      count: number,
      before: number,
      gathers: [string, boolean, number][],
      trend: number[],
      quotes: ThemesView['themes'][number]['quotes'],
      more: Partial<ThemesView['themes'][number]> = {},
    ) => ({
      key: JSON.stringify({ what: `主题 · ${label}`, total: count, history: Math.floor(count / 3) } satisfies FakeSet),
      label,
      count,
      before,
      growth: before === 0 ? null : count / before - 1,
      beyondChance: false,
      new: false,
      gathers: gathers.map(([name, isShop, share]) => ({ name, isShop, share })),
      trend,
      quotes,
      warning: false,
      ...more,
    })
    return {
      query: whole,
      texts: 327,
      themes: [
        theme(
          '包装漏液',
          38,
          4,
          [
            ['去屑洗发水', false, 0.92],
            ['护发素', false, 0.08],
          ],
          [2, 3, 3, 4, 9, 38],
          [
            quote('打开箱子洗发水漏了一半，旁边的书全湿了。', '去屑洗发水', 3),
            quote('瓶盖一拧就滑丝，盖不紧。<b>客服让我自己拿胶带缠</b>', '去屑洗发水', 2),
            quote('第二次买还是漏，外箱都泡软了。', '去屑洗发水', 4),
          ],
          { beyondChance: true, new: true, warning: true },
        ),
        theme(
          '送到已经凉了',
          27,
          20,
          [['大学城店', true, 0.7]],
          [18, 19, 17, 21, 21, 27],
          [
            quote('面送到坨成一块，汤是凉的。', '红烧牛肉面', 1),
            quote('从接单到送达一个半小时，全凉了。', '酸菜鱼双人餐', 2),
            quote('冬天连个保温袋都没有。', '酸菜鱼双人餐', 5),
          ],
          { beyondChance: true },
        ),
        theme(
          '客服不回消息',
          19,
          25,
          [],
          [23, 25, 28, 25, 25, 19],
          [
            quote('问了三次都是机器人，人工要排一小时。', '平板 64GB', 1),
            quote('少发了一包，问客服两天没人理。', '原味坚果 6 包装', 2),
            quote('申请退款后就已读不回了。', '男士卫衣', 6),
          ],
        ),
        theme(
          '尺码偏小',
          14,
          14,
          [['男士卫衣', false, 0.81]],
          [13, 15, 12, 14, 14, 14],
          [
            quote('平时穿 L，这个 L 像 S，袖子短一截。', '男士卫衣', 2),
            quote('尺码表和实物差两厘米。', '男士卫衣', 3),
            quote('换大一码要我出运费，不合理。', '男士卫衣', 5),
          ],
        ),
      ],
    }
  }

  function tickets(set: TicketSet): TicketSetPage {
    let asked: FakeSet
    try {
      asked = JSON.parse(set.key) as FakeSet
    } catch {
      return refuse('not_found', '这个数字已经不在了，报告可能重新算过。')
    }
    const fits = world
      .rows()
      .filter((row) => !asked.tier || row.tier === asked.tier)
      .filter((row) => !asked.cause || row.causes.some((cause) => cause === asked.cause))
    const withoutTicket = asked.history ?? 0
    return {
      title: `${report(set.report).document.title?.replace(/[周日月]报$/, '')} · ${asked.what}`,
      total: asked.total,
      withoutTicket,
      rows: fits.slice(0, Math.max(0, asked.total - withoutTicket)),
    }
  }

  const weeks = (...counts: number[]) => {
    const monday = stretch('weekly', wall()).from
    return counts.map((count, ago) => ({ week: weekOf(monday - (counts.length - 1 - ago) * 7 * DAY).name, count }))
  }
  const plan = (more: Partial<ImprovementView>): ImprovementView => ({
    id: id('im'),
    title: '',
    theme: null,
    cause: null,
    product: null,
    shop: null,
    expected: '',
    owner: null,
    dueDay: dayOf(wall()),
    state: 'running',
    lateDays: 0,
    createdAt: iso(clock() - 12 * DAY),
    doneAt: null,
    droppedWhy: null,
    weeks: [],
    before: null,
    after: null,
    beyondChance: false,
    ...more,
  })
  const people = world.people()
  let improvements: ImprovementView[] = [
    plan({
      title: '仓库 24 小时内回复核实',
      cause: 'fulfilment',
      expected: '方案不再卡在等仓库',
      owner: people[2] ?? null,
      dueDay: dayOf(wall() - 2 * DAY),
      state: 'late',
      lateDays: 2,
      weeks: weeks(14, 12, 17, 15, 19, 21, 24, 22),
      before: 20,
    }),
    plan({
      title: '更换 500ml 瓶盖内垫',
      theme: '包装漏液',
      cause: 'packaging',
      product: '去屑洗发水',
      expected: '漏液回到每周 4 条以下',
      owner: people[1] ?? null,
      dueDay: dayOf(wall() + 6 * DAY),
      weeks: weeks(2, 3, 2, 3, 3, 4, 9, 38),
      before: 13.5,
    }),
    plan({
      title: '大学城店配送改用保温箱',
      theme: '凉了',
      cause: 'logistics',
      shop: '大学城店',
      expected: '「凉了」减少一半',
      owner: people[2] ?? null,
      dueDay: dayOf(wall() - 20 * DAY),
      state: 'done',
      doneAt: iso(clock() - 22 * DAY),
      weeks: weeks(26, 28, 27, 27, 25, 13, 11, 9),
      before: 27,
      after: 11,
      beyondChance: true,
    }),
    plan({
      title: '页面色差提示',
      theme: '颜色不一样',
      cause: 'mismatch',
      product: '男士卫衣',
      owner: people[0] ?? null,
      dueDay: dayOf(wall() - 30 * DAY),
      state: 'dropped',
      droppedWhy: '新批次改了染色，不需要了',
      weeks: weeks(6, 5, 7, 4, 3, 2, 2, 1),
      before: 2,
    }),
  ]
  const lessons: LessonView[] = []
  let schedule: ReportSchedule = {
    weekly: true,
    weekday: 1,
    daily: false,
    monthly: false,
    at: '09:00',
    toBots: false,
  }
  const past = stretch('weekly', wall() - 7 * DAY)
  let archive: ArchivedReport[] = [0, 1, 2].map((ago) => {
    const from = past.from - ago * 7 * DAY
    return {
      id: `ar-${ago + 1}`,
      title: `第 ${weekOf(from).week} 周周报`,
      kind: 'weekly',
      fromDay: dayOf(from),
      toDay: dayOf(from + 6 * DAY),
      madeAt: iso(from + 7 * DAY + 3600_000),
      unread: ago === 0,
    }
  })
  const kept = (key: string) => archive.find((one) => one.id === key) ?? refuse('not_found', '这份报告已经不在了。')
  const saved = (name: string, format: string) => ({ name: `${name}.${format}`, rows: 0 })
  const somebody = () => world.actor() ?? refuse('no_actor', '还不知道是谁在用这台电脑。先选一下，再继续。')
  const order = { late: 0, running: 1, done: 2, dropped: 3 }
  const late = (one: ImprovementView): ImprovementView => {
    if (one.state !== 'running' && one.state !== 'late') return { ...one, lateDays: 0 }
    const days = Math.max(0, Math.round((at(dayOf(wall())) - at(one.dueDay)) / DAY))
    return { ...one, state: days > 0 ? 'late' : 'running', lateDays: days }
  }
  const keep = (one: ImprovementView) => {
    const next = late(one)
    const known = improvements.some(({ id }) => id === next.id)
    improvements = known ? improvements.map((old) => (old.id === next.id ? next : old)) : [next, ...improvements]
    changed('reports')
    return next
  }

  const commands = {
    reportPrepare: act('reportPrepare', () => true),
    reportGet: act('reportGet', report),
    reportThemes: act('reportThemes', themes),
    reportTickets: act('reportTickets', tickets),
    reportSave: act('reportSave', (query: ReportQuery, format: string, _withPrivateData: boolean) =>
      saved(report(query).document.title ?? '', format),
    ),
    reportArchive: act('reportArchive', () => (world.isEmpty() ? [] : archive)),
    reportArchived: act('reportArchived', (key: string): ReportView => {
      const one = kept(key)
      archive = archive.map((old) => (old.id === key ? { ...old, unread: false } : old))
      return { ...report({ kind: one.kind, day: one.toDay }), archivedAt: one.madeAt }
    }),
    reportArchivedSave: act('reportArchivedSave', (key: string, format: string) => saved(kept(key).title, format)),
    reportSchedule: act('reportSchedule', () => schedule),
    reportScheduleSave: act('reportScheduleSave', (next: ReportSchedule) => {
      schedule = { ...schedule, ...next }
      changed('reports')
      return schedule
    }),
    improvementList: act('improvementList', () => [...improvements].sort((a, b) => order[a.state] - order[b.state])),
    improvementSave: act('improvementSave', (input: ImprovementInput) => {
      somebody()
      if (input.title.trim() === '') refuse('invalid', '请写一句要做什么。')
      const before = improvements.find((one) => one.id === input.id)
      return keep({
        ...(before ?? plan({ createdAt: iso(clock()), weeks: weeks(2, 3, 2, 3, 3, 4, 9, 38), before: 13.5 })),
        title: input.title.trim(),
        theme: input.theme ?? null,
        cause: input.cause ?? null,
        product: input.product ?? null,
        shop: input.shop ?? null,
        expected: input.expected ?? '',
        owner: world.people().find((person) => person.id === input.owner) ?? null,
        dueDay: input.dueDay,
      })
    }),
    improvementStep: act('improvementStep', (key: string, step: ImprovementStep) => {
      somebody()
      const one = improvements.find((old) => old.id === key) ?? refuse('not_found', '这条改进措施已经不在了。')
      if (step.to === 'dropped' && step.why.trim() === '') refuse('invalid', '请写一句为什么不做了。')
      return keep({
        ...one,
        state: step.to,
        doneAt: step.to === 'done' ? iso(clock()) : null,
        droppedWhy: step.to === 'dropped' ? step.why : null,
        after: null,
        beyondChance: false,
      })
    }),
    lessonList: act('lessonList', (week: string) => lessons.filter((lesson) => lesson.week === week)),
    lessonAdd: act('lessonAdd', (input: LessonInput) => {
      const by = somebody()
      if (input.body.trim() === '') refuse('invalid', '请写点内容再保存。')
      const lesson = {
        id: id('le'),
        week: input.week,
        theme: input.theme ?? null,
        by,
        at: iso(clock()),
        body: input.body,
      }
      lessons.unshift(lesson)
      return lesson
    }),
    ordersImport: act('ordersImport', () => ({
      fileName: '订单_11月.xlsx',
      read: 29_140,
      new: 28_870,
      known: 262,
      rejected: 8,
      note: null,
    })),
  }
  return { commands }
}
