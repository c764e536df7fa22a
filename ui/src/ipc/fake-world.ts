import type {
  BatchView,
  Cause,
  MarkView,
  PersonView,
  ReviewChannel,
  Risk,
  Sentiment,
  Severity,
  TicketStatus,
  Tier,
} from './bindings'

/** Invented reviews. `[about:words]` marks words; times are minutes before the window opened. */
export interface Seed {
  words: string
  tier: Tier
  channel: ReviewChannel
  shop?: string
  product?: string
  variant?: string
  order?: string
  author?: string
  stars: number
  /** Minutes ago. */
  received: number
  posted: number
  causes: [Cause, number][]
  risks?: [Risk, number][]
  severity: Severity
  sentiment?: Sentiment
  rule: string
  steps?: string[]
  status?: TicketStatus
  owner?: 0 | 1 | 2 | 3
  doubtful?: boolean
  append?: string
  earlier?: string
  reply?: string
  url?: string
}

export const PEOPLE: PersonView[] = [
  { id: 'p-lina', name: '李娜', role: 'agent', department: 'desk', active: true },
  { id: 'p-zhou', name: '周凯', role: 'supervisor', department: 'service', active: true },
  { id: 'p-he', name: '何敏', role: 'manager', department: 'management', active: true },
]

export const LONG_NAME: PersonView = {
  id: 'p-long',
  name: '阿卜杜热合曼·艾合买提江·买买提明（晚班组长）',
  role: 'agent',
  department: 'desk',
  active: true,
}

export const TICKETS: Seed[] = [
  {
    words:
      '孩子喝完当天晚上就[health:上吐下泻]，打你们电话一直占线，客服说让我等。我已经[legal:打了 12315]，保质期内的奶怎么会这样？瓶口那一圈[hygiene:还有霉点]，照片都拍了。',
    tier: 'urgent',
    channel: 'jd',
    product: '纯牛奶 250ml×16',
    order: 'JD290388410217',
    author: 'm***7',
    stars: 1,
    received: 192,
    posted: 214,
    causes: [
      ['hygiene', 0.97],
      ['quality', 0.71],
    ],
    risks: [
      ['health', 0.95],
      ['legal', 0.9],
    ],
    severity: 'severe',
    rule: 'safety_severe',
    owner: 0,
    status: 'verifying',
  },
  {
    words:
      '点了一份牛肉面，吃到一半发现里面有根[hygiene:头发]，恶心得一口都吃不下。跟店家说，[service:态度还特别差，说爱吃不吃]，最后也没给处理。再也不会来了，大家避雷。',
    tier: 'urgent',
    channel: 'meituan',
    shop: '人民广场店',
    product: '红烧牛肉面',
    order: '8021 4471 0390 21',
    author: '王女士',
    stars: 1,
    received: 96,
    posted: 111,
    causes: [
      ['hygiene', 0.96],
      ['service', 0.93],
    ],
    risks: [['health', 0.62]],
    severity: 'severe',
    rule: 'severe',
    status: 'verifying',
    owner: 0,
    append: '过了一个小时还是没人联系我，客服电话也没人接。',
    url: 'https://example.invalid/review/8021',
  },
  {
    words: '充电的时候[injury:背面烫得拿不住]，吓得我赶紧拔了。客服让我[aftersales:自己去售后点]，来回车费谁出？',
    tier: 'urgent',
    channel: 'tmall',
    product: '平板 64GB',
    variant: '黑色',
    order: '3380 1175 2204 9',
    author: '林**',
    stars: 2,
    received: 73,
    posted: 80,
    causes: [
      ['quality', 0.88],
      ['aftersales', 0.77],
    ],
    risks: [['injury', 0.81]],
    severity: 'severe',
    rule: 'safety_severe',
  },
  {
    words:
      '说好 30 分钟，[logistics:等了一个半小时]，送来的时候[packaging:汤都洒了]，袋子底下全是油。打电话问，骑手和店家互相推。',
    tier: 'important',
    channel: 'eleme',
    shop: '大学城店',
    product: '酸菜鱼双人餐',
    order: 'E5002 7781 43',
    author: '匿名用户',
    stars: 2,
    received: 418,
    posted: 431,
    causes: [
      ['logistics', 0.94],
      ['packaging', 0.86],
    ],
    severity: 'moderate',
    rule: 'moderate',
  },
  {
    words: '收到的[mismatch:颜色和页面差太多了]，联系客服说[aftersales:要我出运费]。',
    tier: 'important',
    channel: 'taobao',
    product: '男士卫衣',
    variant: 'L 灰',
    order: '2208 9914 7702 1',
    author: '小**鱼',
    stars: 2,
    received: 60 * 29,
    posted: 60 * 29 + 6,
    causes: [
      ['mismatch', 0.91],
      ['aftersales', 0.7],
    ],
    severity: 'moderate',
    rule: 'moderate',
    status: 'waiting_customer',
    owner: 0,
    reply: '您好，色差给您添麻烦了。我们已经登记，运费由我们承担，您方便发一张实物照片吗？',
  },
  {
    words: '[price:份量越来越少，价格倒是涨了]，不值，下次换一家。',
    tier: 'general',
    channel: 'dianping',
    shop: '火车站店',
    product: '招牌小炒套餐',
    author: '吃遍南城',
    stars: 2,
    received: 540,
    posted: 552,
    causes: [['price', 0.89]],
    severity: 'minor',
    rule: 'minor',
  },
  {
    words:
      '房间[facility:空调一直滴水]，地毯都湿了。前台说[service:没有房可以换]，十一点才来了个师傅，弄到一点多。孩子都没睡好。',
    tier: 'important',
    channel: 'ctrip',
    shop: '滨江店',
    product: '家庭套房',
    order: 'C118820094417',
    author: '陈先生',
    stars: 2,
    received: 640,
    posted: 655,
    causes: [
      ['facility', 0.95],
      ['service', 0.64],
    ],
    severity: 'moderate',
    rule: 'moderate',
    steps: ['again'],
    owner: 1,
    status: 'planning',
    earlier: '空调滴水，等人来修。',
  },
  {
    words: '[fulfilment:少发了一包]，问客服[service:两天没人理]。东西本身还行。',
    tier: 'general',
    channel: 'pinduoduo',
    product: '原味坚果 6 包装',
    order: '240611 7780 2231',
    author: '平***安',
    stars: 3,
    received: 1180,
    posted: 1190,
    causes: [
      ['fulfilment', 0.92],
      ['service', 0.75],
    ],
    severity: 'minor',
    rule: 'minor',
    sentiment: 'neg',
  },
  {
    words: '面膜敷完[health:脸上起了一片红疹]，到现在还没退。说好的敏感肌可用呢？我要[media:发小红书让大家看看]。',
    tier: 'urgent',
    channel: 'douyin',
    product: '舒缓修护面膜 10 片',
    order: 'DY6694021178',
    author: '一颗糖',
    stars: 1,
    received: 38,
    posted: 41,
    causes: [
      ['quality', 0.9],
      ['mismatch', 0.66],
    ],
    risks: [
      ['health', 0.93],
      ['media', 0.72],
    ],
    severity: 'severe',
    rule: 'safety_severe',
  },
  {
    words: '不给退差价我就[extortion:天天来刷差评]，你们自己看着办。质量一般般。',
    tier: 'important',
    channel: 'kuaishou',
    product: '保温杯 500ml',
    order: 'KS77120443',
    author: 'k***9',
    stars: 1,
    received: 205,
    posted: 207,
    causes: [['price', 0.68]],
    risks: [['extortion', 0.83]],
    severity: 'minor',
    rule: 'extortion',
    doubtful: true,
  },
  {
    words: '呵呵，[expectation:这也叫网红店]，排队一小时，味道跟楼下快餐差不多。',
    tier: 'general',
    channel: 'xiaohongshu',
    shop: '湖滨店',
    product: '慕斯蛋糕',
    author: '饭团',
    stars: 3,
    received: 760,
    posted: 770,
    causes: [
      ['expectation', 0.58],
      ['quality', 0.41],
    ],
    severity: 'minor',
    rule: 'minor',
    doubtful: true,
  },
  {
    words: '五星，非常满意！就是[logistics:快递把箱子摔破了]，里面[packaging:碎了两个]，客服很快补发，点赞。',
    tier: 'general',
    channel: 'tmall',
    product: '手工陶瓷碗 6 只',
    order: '3380 2207 1135 8',
    author: '清**荷',
    stars: 5,
    received: 1610,
    posted: 1630,
    causes: [
      ['packaging', 0.74],
      ['logistics', 0.69],
    ],
    severity: 'minor',
    sentiment: 'mixed',
    rule: 'minor',
    status: 'resolved',
    owner: 2,
    reply: '谢谢您的理解，破损的两只今天已经补发，物流单号已发到您手机。',
  },
  {
    words: '外包装写的进口，里面贴的国产标，[fraud:这不是骗人吗]？我留着小票。',
    tier: 'important',
    channel: 'wechat',
    shop: '社区店',
    product: '橄榄油 1L',
    order: 'WX20261121083',
    author: '刘**',
    stars: 1,
    received: 330,
    posted: 333,
    causes: [['mismatch', 0.87]],
    risks: [['fraud', 0.66]],
    severity: 'moderate',
    rule: 'fraud_suspicion',
  },
  {
    words: '衣服洗一次就[quality:起球掉色]，染了一缸衣服。',
    tier: 'general',
    channel: 'taobao',
    product: '纯棉床单四件套',
    variant: '藏青',
    order: '2208 9920 1187 6',
    author: '晴**空',
    stars: 2,
    received: 905,
    posted: 930,
    causes: [['quality', 0.93]],
    severity: 'minor',
    rule: 'minor',
    owner: 1,
  },
  {
    words: 'App crashes every time I open the order page. Support never answered.',
    tier: 'general',
    channel: 'app_store',
    product: 'Order app 4.2',
    author: 'J. Miller',
    stars: 1,
    received: 1300,
    posted: 1320,
    causes: [['quality', 0.55]],
    severity: 'minor',
    rule: 'minor',
    doubtful: true,
  },
  {
    words: '',
    tier: 'general',
    channel: 'meituan',
    shop: '人民广场店',
    product: '套餐 B',
    author: '匿名用户',
    stars: 1,
    received: 260,
    posted: 300,
    causes: [],
    severity: 'none',
    rule: 'stars_only',
  },
]

const BAD: [string, Cause][] = [
  ['[logistics:送得太慢]，比预计晚了四十分钟。', 'logistics'],
  ['[quality:面都坨了]，根本没法吃。', 'quality'],
  ['前台[service:爱理不理]，问三遍才抬头。', 'service'],
  ['[packaging:杯盖没盖紧]，撒了半杯。', 'packaging'],
  ['[price:同样的东西隔壁便宜五块]。', 'price'],
  ['[fulfilment:备注不要香菜，还是放了]。', 'fulfilment'],
]
const CHANNELS: ReviewChannel[] = ['meituan', 'eleme', 'taobao', 'jd', 'dianping', 'douyin']
const SHOPS = ['人民广场店', '大学城店', '火车站店', '湖滨店']

/** `count` plain tickets of the general tier, so that lists need paging. */
export function bulk(count: number): Seed[] {
  return Array.from({ length: count }, (_, at) => {
    const [words, cause] = BAD[at % BAD.length] as [string, Cause]
    return {
      words,
      tier: 'general',
      channel: CHANNELS[at % CHANNELS.length] as ReviewChannel,
      shop: SHOPS[at % SHOPS.length] as string,
      product: `套餐 ${1 + (at % 9)}`,
      order: `60${String(700000 + at * 37)}`,
      author: `顾客 ${at + 1}`,
      stars: 1 + (at % 2),
      received: 20 + ((at * 7) % 1300),
      posted: 30 + ((at * 7) % 1300),
      causes: [[cause, 0.8]],
      severity: 'minor',
      rule: 'minor',
    }
  })
}

/** What strains a layout: much text, names without a gap, every mark at once. */
export const LONG: Seed[] = [
  {
    words: `${'等了一个多小时，打了七八个电话都没人接，最后送来的东西跟下单的完全不一样。'.repeat(14)}[health:吃完当晚就上吐下泻]，${'https://example.invalid/'.concat('photo/'.repeat(30))}`,
    tier: 'urgent',
    channel: 'google_play',
    shop: '上海市浦东新区陆家嘴环路一千零八十八号国金中心商场地下二层美食广场东区旗舰店（二十四小时营业）',
    product: 'SuperUltraMaxProteinPowderChocolateFlavourFamilyPackWithFreeShaker2500g',
    variant: '超大号家庭装/巧克力味/附赠摇摇杯/限时优惠/买二送一',
    order: '99887766554433221100998877665544332211009988776655',
    author: 'VeryLongAuthorNameWithoutAnySpaceAtAllFromAnotherPlatform1234567890',
    stars: 1,
    received: 100,
    posted: 101,
    causes: [
      ['quality', 0.97],
      ['hygiene', 0.93],
      ['service', 0.9],
      ['logistics', 0.88],
      ['fulfilment', 0.8],
      ['packaging', 0.75],
    ],
    risks: [
      ['health', 0.95],
      ['legal', 0.9],
      ['media', 0.85],
      ['fraud', 0.8],
    ],
    severity: 'severe',
    rule: 'safety_severe',
    steps: ['again'],
    owner: 3,
    doubtful: true,
    append: '追评：'.concat('还是没人处理。'.repeat(40)),
    earlier: '第一次写的：'.concat('等了很久。'.repeat(40)),
    reply: '您好，'.concat('非常抱歉给您带来这样的体验，我们已经安排专人核实。'.repeat(20)),
  },
]

export interface HistorySeed {
  words: string
  channel: ReviewChannel
  shop?: string
  product: string
  author: string
  stars: number
  days: number
  sentiment: Sentiment
}

const PRAISE = [
  '汤很鲜，店员也热情，下次还来。',
  '发货快，包装结实，和图片一样。',
  '房间干净，早餐种类多，离地铁近。',
  '给家里老人买的，字大声音响，很满意。',
]
const PAST = ['等了一个小时才上菜，催了三次。', '杯子有裂纹，客服让我自己粘。', '房间有烟味，换房还要加钱。']

export function history(count: number): HistorySeed[] {
  return Array.from({ length: count }, (_, at) => {
    const bad = at % 5 === 2
    return {
      words: (bad ? PAST[at % PAST.length] : PRAISE[at % PRAISE.length]) as string,
      channel: CHANNELS[(at * 5) % CHANNELS.length] as ReviewChannel,
      shop: SHOPS[at % SHOPS.length] as string,
      product: bad ? '家庭装' : '经典款',
      author: `客**${at + 1}`,
      stars: bad ? 2 : 5,
      days: 4 + Math.floor(at / 3),
      sentiment: bad ? 'neg' : 'pos',
    }
  })
}

/** Takes the `[about:words]` marks out of a seed's text. */
export function unmark(words: string): { body: string; marks: MarkView[] } {
  const marks: MarkView[] = []
  let body = ''
  let from = 0
  for (const match of words.matchAll(/\[([a-z]+):([^\]]+)\]/g)) {
    body += words.slice(from, match.index)
    marks.push({ start: body.length, end: body.length + (match[2]?.length ?? 0), about: match[1] ?? '' })
    body += match[2]
    from = match.index + match[0].length
  }
  return { body: body + words.slice(from), marks }
}

export const BATCH: Omit<BatchView, 'at'> = {
  id: 'b-1',
  fileName: '外卖评价_11月.csv',
  channel: 'meituan',
  by: '李娜',
  format: 'csv',
  encoding: 'gb18030',
  read: 1284,
  new: 1197,
  updated: 12,
  unchanged: 70,
  rejected: 5,
  history: 1181,
  tickets: 16,
  urgent: 4,
  warnings: [{ code: 'preamble', row: 1, count: 3, text: '前 3 行是说明文字，已跳过。' }],
  rejects: [
    { row: 88, code: 'no_time', text: '评价时间「昨天」不是一个日期。' },
    { row: 412, code: 'columns', text: '这一行比表头少 3 列。' },
    { row: 413, code: 'columns', text: '这一行比表头少 3 列。' },
    { row: 907, code: 'rating', text: '评分「十分」读不成星级。' },
    { row: 1120, code: 'empty', text: '没有内容，也没有评分。' },
  ],
  sample: false,
  undone: false,
}
