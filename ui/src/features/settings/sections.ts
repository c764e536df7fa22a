/** The settings in the order people need them; each has its own address. */
export const SECTIONS = [
  'general',
  'people',
  'reading',
  'promise',
  'calendar',
  'shifts',
  'alerts',
  'bots',
  'reports',
  'keys',
  'data',
  'about',
] as const

export type Section = (typeof SECTIONS)[number]
