import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import type { MarkView } from '@/ipc/bindings'
import { hue, pieces } from '@/lib/marks'
import css from './marked.module.css'

/** The catalogue's word for what a mark speaks for. */
export function useAbout() {
  const { t } = useTranslation()
  return (about: string) => t([`cause.${about}`, `risk.${about}`, `about.${about}`, 'about.other'])
}

/** Review text as text, with the telling words marked; `lit` raises the marks of one cause. */
export function Marked({ text, marks, lit }: { text: string; marks: readonly MarkView[]; lit?: string | null }) {
  const { t } = useTranslation()
  const about = useAbout()
  return pieces(text, marks).map((piece) => {
    const first = piece.about[0]
    if (!first) return <Fragment key={piece.start}>{piece.text}</Fragment>
    const says = t('review.markSays', { about: piece.about.map(about).join(t('common.and')) })
    const on = lit != null && piece.about.includes(lit)
    return (
      <mark
        key={piece.start}
        className={css.mark}
        data-hue={hue(on ? lit : first)}
        data-lit={on || undefined}
        data-about={piece.about.join(' ')}
        title={says}
        aria-description={says}
      >
        {piece.text}
      </mark>
    )
  })
}
