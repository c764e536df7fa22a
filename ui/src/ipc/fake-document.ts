/* An invented report: what the core would compute, with numbers that lean on each other. */
import type { Cell, Document, Headline, Mood, Row, Section, Share } from './bindings'

/** What a number opens in the fake core: which tickets, how they are called, how many, and how many have no ticket. */
export interface FakeSet {
  what: string
  total: number
  history?: number
  tier?: string
  cause?: string
}

const opens = (set: FakeSet) => JSON.stringify(set)

const text = (words: string, more: Cell = {}): Cell => ({ text: words, ...more })
const count = (value: number, set?: Omit<FakeSet, 'total'>, more: Cell = {}): Cell => ({
  text: value.toLocaleString('zh-CN'),
  value,
  opens: set && value > 0 ? opens({ ...set, total: value }) : null,
  ...more,
})
const percent = (value: number, more: Cell = {}): Cell => ({ text: `${(value * 100).toFixed(1)}%`, value, ...more })
const change = (now: number, before: number, better: 'more' | 'less'): Cell => {
  const by = now - before
  if (Math.abs(by) < Math.max(3, before * 0.1)) return { text: '±', value: by, mood: 'muted' }
  const good = by > 0 === (better === 'more')
  return { text: `${by > 0 ? '+' : '−'}${Math.abs(by)}`, value: by, mood: good ? 'good' : 'bad' }
}

const PRODUCTS: [string, number[]][] = [
  ['红烧牛肉面', [0, 0, 0, 5, 1, 3, 3]],
  ['纯牛奶 250ml', [2, 0, 1, 8, 8, 21, 5]],
  ['平板 64GB', [21, 12, 21, 3, 0, 0, 5]],
  ['去屑洗发水', [12, 5, 8, 38, 2, 1, 4]],
  ['男士卫衣', [1, 2, 2, 0, 14, 5, 1]],
]
const HEAT_CAUSES = ['质量', '物流', '服务', '包装', '描述不符', '错发漏发', '价格']
const CAUSE_WORDS = ['quality', 'logistics', 'service', 'packaging', 'mismatch', 'fulfilment', 'price']

export interface FakePeriod {
  title: string
  period: string
  short: string
  /** 本周, 今天, 本月. */
  now: string
  before: string
  madeAt: string
  /** Which part of the business. */
  about: string
  /** How much of the usual amount. */
  size: number
}

export function fakeDocument(on: FakePeriod): Document {
  const n = (usual: number) => Math.max(0, Math.round(usual * on.size))
  const kept: [name: string, tier: string, metric: string, met: number, missed: number, annulled: number][] = [
    ['紧急 · 首次答复', 'urgent', '首次答复', n(41), 1, 0],
    ['紧急 · 方案', 'urgent', '方案', n(39), 3, 0],
    ['重要 · 首次答复', 'important', '首次答复', n(166), 7, 2],
    ['重要 · 方案', 'important', '方案', n(151), 21, 3],
    ['一般 · 首次答复', 'general', '首次答复', n(108), 4, 0],
    ['全部 · 72 小时关闭', '', '关闭', n(288), 39, 5],
  ]
  const met = kept.filter(([, , metric]) => metric === '首次答复').reduce((sum, one) => sum + one[3], 0)
  const missed = 12
  const rate = met / (met + missed)
  const headlines: Headline[] = [
    {
      id: 'first_response_attainment',
      title: '首次答复达标率',
      value: `${(rate * 100).toFixed(1)}%`,
      number: rate,
      kind: 'percent',
      change: { text: '+3.1 百分点', mood: 'good' },
      detail: `${met + missed} 条里 ${met} 条按时；紧急 ${n(41)}/${n(41) + 1}`,
      trend: [0.912, 0.921, 0.93, 0.925, 0.933, rate],
      opens: opens({ what: '首次答复 · 超时', total: missed }),
    },
    {
      id: 'first_response_median',
      title: '中位首次答复',
      value: '47 分钟',
      number: 47,
      kind: 'duration',
      change: { text: '−18 分钟', mood: 'good' },
      detail: 'P90 5 小时 12 分；上周 1 小时 05 分',
      trend: [71, 66, 69, 70, 65, 47],
      opens: opens({ what: '首次答复', total: met }),
    },
    {
      id: 'closed_in_72h',
      title: '72 小时关闭率',
      value: '88.1%',
      number: 0.881,
      kind: 'percent',
      change: { text: '−2.4 百分点', mood: 'bad' },
      detail: '39 件未按时，其中 22 件等客户',
      trend: [0.88, 0.893, 0.9, 0.91, 0.905, 0.881],
      opens: opens({ what: '关闭 · 超时', total: 39 }),
    },
    {
      id: 'satisfaction_recovery',
      title: '满意挽回率',
      value: '71%',
      number: 0.71,
      kind: 'percent',
      change: { text: '+6 百分点', mood: 'good' },
      detail: '联系到 118 人（58%），84 人打 4–5 分',
      trend: [0.61, 0.66, 0.64, 0.67, 0.65, 0.71],
      opens: opens({ what: '回访 · 打 4–5 分', total: 84 }),
    },
    {
      id: 'conversion',
      title: '差评转化率',
      value: '暂无数据',
      number: null,
      kind: 'percent',
      change: null,
      detail: '还没有满 90 天的答复。到明年 2 月 8 日就有第一批。',
      trend: [],
      opens: null,
    },
  ]
  return {
    language: 'zh-CN',
    title: on.title,
    subtitle: `与${on.before}相比 · ${on.about}`,
    period: on.period,
    madeAt: on.madeAt,
    lead: [
      { text: `${on.now}多来了 `, strong: false, opens: null },
      { text: '14%', strong: true, opens: null },
      { text: ' 的差评，主要是', strong: false, opens: null },
      {
        text: '去屑洗发水漏液',
        strong: true,
        opens: opens({ what: '主题 · 包装漏液', total: 38, cause: 'packaging' }),
      },
      {
        text: '（38 条，前四周每周 4 条，集中在 11 月 18 日发出的批次）。答复更快了，但方案给得慢：',
        strong: false,
        opens: null,
      },
      {
        text: '重要级有 21 件超过 48 小时',
        strong: false,
        opens: opens({ what: '重要 · 方案 · 超时', total: 21, tier: 'important' }),
      },
      { text: '，其中 15 件卡在等仓库回复。', strong: false, opens: null },
    ],
    headlines,
    sections: [sla(kept), growing(), heat(n), improvements(), causes(n), volume(on), places(n), people(), breaches()]
      .concat(remedies(), quotes(), delay(), good())
      .map((section) => ({ note: '', columns: [], rows: [], chart: null, empty: null, paragraphs: [], ...section })),
    footer: [
      '达标 = 按时 ÷（按时 + 超时），经理批准不计的单列。变化只有超出偶然时才算变化，其余写 ±。',
      `由挽回在这台电脑上算出，${on.madeAt}。`,
    ],
  }
}

function sla(kept: [string, string, string, number, number, number][]): Section {
  const rows = kept.map(([name, tier, metric, met, missed, annulled]): Row => {
    const part = (words: string, value: number, mood: Mood): Share => ({
      text: `${words} ${value}`,
      value,
      mood,
      opens: value > 0 ? opens({ what: `${name} · ${words}`, total: value, tier: tier || undefined }) : null,
    })
    return {
      strong: false,
      cells: [
        text(name),
        { text: '', share: [part('按时', met, 'good'), part('超时', missed, 'bad'), part('不计', annulled, 'muted')] },
        percent(met / (met + missed)),
        count(
          missed,
          { what: `${tier === '' ? '' : `${name.split(' ')[0]} · `}${metric} · 超时`, tier },
          { mood: 'bad' },
        ),
      ],
    }
  })
  return {
    id: 'sla',
    title: '承诺兑现',
    kind: 'bars',
    wide: false,
    columns: [
      { title: '承诺', kind: 'text' },
      { title: '按时与超时', kind: 'share' },
      { title: '达标率', kind: 'percent' },
      { title: '超时', kind: 'count' },
    ],
    rows,
    note: '本周到期的时限。点任意一段打开这些工单。',
  }
}

function growing(): Section {
  return {
    id: 'themes',
    title: '正在变多的问题',
    kind: 'table',
    wide: false,
    columns: [
      { title: '主题', kind: 'text' },
      { title: '本周', kind: 'count' },
      { title: '比前四周均值', kind: 'change' },
      { title: '六周走势', kind: 'trend' },
    ],
    rows: [
      {
        cells: [
          text('包装漏液', { badge: '新' }),
          count(38, { what: '主题 · 包装漏液', cause: 'packaging' }),
          text('+850%', { value: 8.5, mood: 'bad' }),
          { text: '', trend: [2, 3, 3, 4, 9, 38] },
        ],
      },
    ],
  }
}

function heat(n: (usual: number) => number): Section {
  return {
    id: 'products_causes',
    title: '商品 × 原因',
    kind: 'heat',
    wide: false,
    note: '格子里是差评条数；一条差评可以有几个原因。',
    columns: [{ title: '商品', kind: 'text' }, ...HEAT_CAUSES.map((title) => ({ title, kind: 'count' as const }))],
    rows: PRODUCTS.map(([product, counts]) => ({
      cells: [
        text(product),
        ...counts.map((value, at) =>
          n(value) === 0
            ? text('·', { value: 0 })
            : count(n(value), { what: `${product} · ${HEAT_CAUSES[at]}`, cause: CAUSE_WORDS[at] }),
        ),
      ],
    })),
  }
}

function improvements(): Section {
  const row = (...cells: Cell[]): Row => ({ cells, strong: false })
  return {
    id: 'improvements',
    title: '该改什么',
    kind: 'table',
    wide: false,
    columns: ['措施', '负责人', '期限', '效果'].map((title) => ({ title, kind: 'text' as const })),
    rows: [
      row(text('更换 500ml 瓶盖内垫'), text('周凯'), text('11-28'), text('进行中', { mood: 'muted' })),
      row(text('大学城店配送改用保温箱'), text('何敏'), text('已完成'), text('「凉了」27 → 11', { mood: 'good' })),
    ],
  }
}

function causes(n: (usual: number) => number): Section {
  const counts: [string, string, number, number][] = [
    ['包装', 'packaging', n(96), n(61)],
    ['质量', 'quality', n(74), n(70)],
    ['物流', 'logistics', n(58), n(66)],
    ['服务', 'service', n(41), n(54)],
    ['描述不符', 'mismatch', n(29), n(27)],
    ['错发漏发', 'fulfilment', n(24), n(12)],
    ['价格', 'price', n(17), n(18)],
  ]
  const total = counts.reduce((sum, [, , now]) => sum + now, 0)
  return {
    id: 'causes',
    title: '差评的原因',
    kind: 'table',
    wide: true,
    note: '本周收到的差评；一条可以有几个原因，所以合计大于条数。',
    columns: [
      { title: '原因', kind: 'text' },
      { title: '本周', kind: 'count', formula: { kind: 'sum' } },
      { title: '上周', kind: 'count', formula: { kind: 'sum' } },
      { title: '变化', kind: 'change' },
      { title: '占比', kind: 'percent' },
    ],
    rows: [
      ...counts.map(([name, cause, now, before]) => ({
        cells: [
          text(name),
          count(now, { what: `原因 · ${name}`, cause, history: Math.floor(now * 0.7) }),
          count(before),
          change(now, before, 'less'),
          percent(now / Math.max(1, total)),
        ],
      })),
      {
        strong: true,
        cells: [text('合计'), count(total), count(counts.reduce((sum, one) => sum + one[3], 0)), text(''), text('')],
      },
    ],
    chart: {
      kind: 'bars',
      categories: counts.map(([name]) => name),
      unit: '条',
      value: 'count',
      series: [
        { name: '上周', values: counts.map((one) => one[3]), mood: 'muted', opens: [] },
        {
          name: '本周',
          values: counts.map((one) => one[2]),
          mood: 'plain',
          opens: counts.map(([name, cause, now]) =>
            opens({ what: `原因 · ${name}`, total: now, cause, history: Math.floor(now * 0.7) }),
          ),
        },
      ],
    },
  }
}

function volume(on: FakePeriod): Section {
  const weeks = ['40 周', '41 周', '42 周', '43 周', '44 周', '45 周', '46 周', '47 周']
  const bad = [212, 231, 225, 240, 236, 251, 287, Math.round(327 * on.size)]
  const per = [8.1, 8.4, 8.2, 8.6, 8.5, 8.8, 9.9, 11.2]
  return {
    id: 'volume',
    title: '差评走势',
    kind: 'table',
    wide: false,
    note: '每周收到的差评，和每千单的差评数。',
    columns: [
      { title: '周', kind: 'text' },
      { title: '差评', kind: 'count' },
      { title: '每千单', kind: 'text' },
    ],
    rows: weeks.map((week, at) => ({
      cells: [text(`第 ${week}`), count(bad[at] ?? 0, { what: `第 ${week} · 差评` }), text(String(per[at]))],
    })),
    chart: {
      kind: 'lines',
      categories: weeks,
      unit: '条',
      value: 'count',
      series: [{ name: '差评', values: bad, mood: 'plain', opens: [] }],
    },
  }
}

function places(n: (usual: number) => number): Section {
  const all: [string, number, number, number][] = [
    ['大学城店', n(88), n(79), 0.91],
    ['人民广场店', n(71), n(80), 0.964],
    ['火车站店', n(52), n(55), 0.958],
    ['湖滨店', n(9), n(7), 0.889],
  ]
  return {
    id: 'shops',
    title: '门店',
    kind: 'table',
    wide: false,
    columns: [
      { title: '门店', kind: 'text' },
      { title: '差评', kind: 'count' },
      { title: '变化', kind: 'change' },
      { title: '首次答复达标', kind: 'percent' },
    ],
    rows: all.map(([name, now, before, kept]) => ({
      cells: [
        text(name),
        count(now, { what: `门店 · ${name}` }),
        change(now, before, 'less'),
        percent(kept, now < 10 ? { badge: '样本少', mood: 'muted' } : {}),
      ],
    })),
  }
}

function people(): Section {
  const all: [string, number, string, number, string][] = [
    ['李娜', 143, '38 分钟', 0.979, '紧急 18% · 严重 11%'],
    ['周凯', 121, '52 分钟', 0.958, '紧急 9% · 严重 6%'],
    ['何敏', 63, '1 小时 10 分', 0.937, '紧急 22% · 严重 19%'],
  ]
  return {
    id: 'people',
    title: '人员',
    kind: 'table',
    wide: true,
    note: '并排看的是工作量和题目难度，不是排名；手上难的多，答复慢一点是应该的。',
    columns: [
      { title: '谁', kind: 'text' },
      { title: '处理', kind: 'count' },
      { title: '中位首次答复', kind: 'duration' },
      { title: '首次答复达标', kind: 'percent' },
      { title: '题目难度', kind: 'text' },
    ],
    rows: all.map(([name, handled, median, kept, mix]) => ({
      cells: [
        text(name),
        count(handled, { what: `处理 · ${name}` }),
        text(median),
        percent(kept),
        text(mix, { mood: 'muted' }),
      ],
    })),
  }
}

function breaches(): Section {
  const all: [string, string, string, string, string][] = [
    ['紧急 · 首次答复', '2 小时 40 分', '何敏', '夜里没人值班', 'urgent'],
    ['紧急 · 方案', '6 小时', '周凯', '等仓库回复批次', 'urgent'],
    ['重要 · 方案', '11 小时', '李娜', '等客户发照片，没有按「等待客户」', 'important'],
  ]
  return {
    id: 'breaches',
    title: '超时的工单和原因',
    kind: 'table',
    wide: true,
    columns: ['时限', '超了多久', '负责人', '原因'].map((title) => ({ title, kind: 'text' as const })),
    rows: all.map(([what, late, who, why, tier]) => ({
      cells: [
        text(what, { opens: opens({ what: `${what} · 超时`, total: 1, tier }) }),
        text(late, { mood: 'bad' }),
        text(who),
        text(why),
      ],
    })),
  }
}

function remedies(): Section[] {
  return [
    {
      id: 'remedies',
      title: '补偿和它换来的',
      kind: 'table',
      wide: false,
      empty: '暂无数据。处理工单时记下补偿方案和花费，这里就会算出每种补偿的花费、改评率和复购率。',
    },
    {
      id: 'follow_ups',
      title: '回访',
      kind: 'table',
      wide: false,
      columns: [
        { title: '关闭于', kind: 'text' },
        { title: '联系到', kind: 'count' },
        { title: '4–5 分', kind: 'percent' },
      ],
      rows: [
        { cells: [text('上周'), count(118, { what: '回访 · 联系到' }), percent(0.71)] },
        {
          cells: [
            text('本周'),
            count(21, { what: '回访 · 联系到' }),
            percent(0.66, { badge: '未到期', mood: 'muted' }),
          ],
        },
      ],
    },
  ]
}

function quotes(): Section[] {
  const said = (words: string, channel: string, product: string, day: string): Row => ({
    cells: [
      text(words, { opens: opens({ what: `原话 · ${product}`, total: 1 }) }),
      text(channel),
      text(product),
      text(day),
    ],
  })
  return [
    {
      id: 'voices',
      title: '顾客说了什么',
      kind: 'quotes',
      wide: false,
      columns: ['原话', '渠道', '商品', '日期'].map((title) => ({ title, kind: 'text' as const })),
      rows: [
        { strong: true, cells: [text('包装')] },
        said('打开箱子洗发水漏了一半，旁边的书全湿了。', '天猫', '去屑洗发水', '11-19'),
        said('瓶盖一拧就滑丝，盖不紧。<b>客服让我自己拿胶带缠</b>', '京东', '去屑洗发水', '11-20'),
        { strong: true, cells: [text('服务')] },
        said('问了三次都是机器人，人工要排一小时。', '淘宝', '平板 64GB', '11-18'),
      ],
    },
  ]
}

function delay(): Section {
  return {
    id: 'sources',
    title: '来源和发现得多快',
    kind: 'table',
    wide: false,
    columns: [
      { title: '渠道', kind: 'text' },
      { title: '评价', kind: 'count' },
      { title: '多久后收到', kind: 'duration' },
    ],
    rows: [
      { cells: [text('美团'), count(1197), text('14 分钟', { value: 14 })] },
      { cells: [text('天猫'), count(861), text('26 小时', { value: 1560, mood: 'warn' })] },
    ],
  }
}

function good(): Section {
  return {
    id: 'good',
    title: '好消息',
    kind: 'words',
    wide: false,
    paragraphs: ['「客服不回消息」少了四分之一，是连续第三周下降。', '31 位顾客把差评改到了 4 星以上。'],
  }
}
