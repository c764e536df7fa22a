import type { TFunction } from 'i18next'
import type { ThemeView } from '@/ipc/bindings'

/** Less is called level. */
const LEVEL = 0.05
const DOUBLED = 1

/** `+850%`, `−24%`, 持平, or that there was nothing before. */
export function growthText(t: TFunction, { growth }: Pick<ThemeView, 'growth'>): string {
  if (growth === null) return t('theme.fromNothing')
  if (Math.abs(growth) < LEVEL) return t('theme.level')
  return `${growth > 0 ? '+' : '−'}${Math.round(Math.abs(growth) * 100)}%`
}

/** How a theme's course is to be taken: loud only where it grows beyond chance. */
export function growthMood({ growth, beyondChance }: Pick<ThemeView, 'growth' | 'beyondChance'>) {
  if (growth === null) return beyondChance ? 'bad' : 'warn'
  if (Math.abs(growth) < LEVEL) return 'plain'
  if (growth < 0) return 'good'
  if (!beyondChance) return 'plain'
  return growth >= DOUBLED ? 'bad' : 'warn'
}
