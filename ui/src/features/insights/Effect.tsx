import { useTranslation } from 'react-i18next'
import { Sparkline } from '@/components/sparkline'
import { isoWeek } from '@/lib/days'
import { dayIn } from '@/lib/time'
import type { Improvement } from '../report/whole'
import { useWorkspace } from '../workspace'
import css from './Insights.module.css'

/** Whether the figure moved after it was done. */
export function Effect({ improvement: one }: { improvement: Improvement }) {
  const { t, i18n } = useTranslation()
  const { zone } = useWorkspace()
  const digits = (value: number) => value.toLocaleString(i18n.language, { maximumFractionDigits: 1 })
  const about = one.theme ?? (one.cause ? t(`cause.${one.cause}`) : (one.product ?? one.shop ?? ''))
  const doneWeek = one.doneAt && isoWeek(dayIn(Date.parse(one.doneAt), zone))
  const mark = one.weeks.findIndex(({ week }) => week === doneWeek)
  const known = one.before !== null && one.after !== null
  const fell = known && (one.after ?? 0) < (one.before ?? 0)
  const mood = known && one.beyondChance ? (fell ? 'good' : 'bad') : 'plain'
  const counts = one.weeks.map(({ count }) => count)
  return (
    <div className={css.effect}>
      {counts.length > 1 && (
        <Sparkline
          values={counts}
          mood={mood}
          mark={mark >= 0 ? mark : undefined}
          label={t('report.trend', { of: about || one.title, values: counts.join(t('common.and')) })}
        />
      )}
      <span>
        {known ? (
          <>
            <span className={css.moved} data-mood={mood}>
              {t('improve.moved', { about, before: digits(one.before ?? 0), after: digits(one.after ?? 0) })}
            </span>
            <span className={css.quiet}>{t(one.beyondChance ? 'improve.notChance' : 'improve.maybeChance')}</span>
          </>
        ) : one.before !== null && one.state !== 'dropped' ? (
          <span className={css.quiet}>
            {t(one.state === 'done' ? 'improve.soon' : 'improve.untilNow', { number: digits(one.before) })}
          </span>
        ) : (
          <span className={css.quiet}>—</span>
        )}
      </span>
    </div>
  )
}
