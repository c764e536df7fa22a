import { useTranslation } from 'react-i18next'
import type { PlatformPolarity } from '@/ipc/bindings'
import css from './stars.module.css'

/** `★ 2` in lists, five stars in the ticket; platforms without stars show their verdict. */
export function Stars({
  stars,
  polarity,
  full,
}: {
  stars: number | null
  polarity?: PlatformPolarity | null
  full?: boolean
}) {
  const { t } = useTranslation()
  if (stars === null) {
    if (!polarity) return <span className={css.none}>{t('review.noRating')}</span>
    return <span className={css.short}>{t(`polarity.${polarity}`)}</span>
  }
  const words = t('review.stars', { stars })
  if (!full) {
    return (
      <span className={css.short}>
        <span aria-hidden>★{stars}</span>
        <span className="vh">{words}</span>
      </span>
    )
  }
  const filled = Math.round(stars)
  return (
    <span className={css.full}>
      <span aria-hidden>
        {'★'.repeat(filled)}
        <span className={css.rest}>{'★'.repeat(Math.max(0, 5 - filled))}</span>
      </span>
      <span className="vh">{words}</span>
    </span>
  )
}
