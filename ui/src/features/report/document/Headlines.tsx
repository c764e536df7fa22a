import { IconAlertCircle, IconCircleCheck } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Sparkline } from '@/components/sparkline'
import { Opens } from '../Opens'
import type { DocHeadline } from '../whole'
import { MoodWord, useOpensLabel } from './CellView'
import css from './Document.module.css'

/** The numbers on top, each with its change, one sentence and where it comes from. */
export function Headlines({ headlines }: { headlines: DocHeadline[] }) {
  const { t } = useTranslation()
  const label = useOpensLabel()
  if (headlines.length === 0) return null
  return (
    <ul className={css.headlines} data-five={headlines.length === 5 || undefined} aria-label={t('report.headlines')}>
      {headlines.map((one) => {
        const Mark = one.change?.mood === 'bad' ? IconAlertCircle : one.change?.mood === 'good' ? IconCircleCheck : null
        return (
          <li key={one.id} className={css.headline} data-testid={`headline-${one.id}`}>
            <span className={css.headlineTop}>
              <span className={css.headlineTitle}>{one.title}</span>
              {one.trend.length > 1 && (
                <Sparkline
                  values={one.trend}
                  mood={one.change?.mood}
                  label={t('report.trendOf', { of: one.title, count: one.trend.length })}
                />
              )}
            </span>
            <span className={css.headlineLine}>
              <Opens opens={one.opens} label={label(one.value, one.title, one.kind)} className={css.headlineValue}>
                <span data-none={one.number === null || undefined}>{one.value}</span>
              </Opens>
              {one.change && (
                <span className={css.change} data-mood={one.change.mood}>
                  {Mark && <Mark size={14} aria-hidden />}
                  {one.change.text}
                  <MoodWord mood={one.change.mood} />
                </span>
              )}
            </span>
            <span className={css.detail}>{one.detail}</span>
          </li>
        )
      })}
    </ul>
  )
}
