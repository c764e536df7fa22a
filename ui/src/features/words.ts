import type { Cause, Industry, ReviewChannel, Sentiment, Severity, TicketStatus, Tier } from '@/ipc/bindings'

/** The closed vocabularies in the order of the glossary, for pickers. */
export const TIERS: readonly Tier[] = ['urgent', 'important', 'general']
export const CAUSES: readonly Cause[] = [
  'quality',
  'hygiene',
  'service',
  'logistics',
  'packaging',
  'fulfilment',
  'price',
  'mismatch',
  'aftersales',
  'facility',
  'expectation',
  'other',
]
export const SEVERITIES: readonly Severity[] = ['severe', 'moderate', 'minor', 'none']
export const SENTIMENTS: readonly Sentiment[] = ['neg', 'mixed', 'pos']
export const INDUSTRIES: readonly Industry[] = ['ecommerce', 'restaurant', 'hotel', 'general']
export const STATUSES: readonly TicketStatus[] = [
  'received',
  'verifying',
  'planning',
  'communicating',
  'waiting_customer',
  'resolved',
  'closed',
  'dismissed',
]
export const CHANNELS: readonly ReviewChannel[] = [
  'meituan',
  'dianping',
  'eleme',
  'taobao',
  'tmall',
  'jd',
  'pinduoduo',
  'douyin',
  'kuaishou',
  'xiaohongshu',
  'weibo',
  'wechat',
  'ctrip',
  'fliggy',
  'google',
  'google_play',
  'app_store',
  'trustpilot',
  'booking',
  'amazon',
  'shopify',
  'other',
]
