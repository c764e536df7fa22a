import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import page from '@/components/page.module.css'
import css from './Settings.module.css'
import type { Section as Name } from './sections'

/** One settings screen: its name, one sentence on what it decides, and its cards. */
export function Section({
  name,
  hint,
  aside,
  wide,
  children,
}: {
  name: Name
  hint?: string
  aside?: ReactNode
  wide?: boolean
  children: ReactNode
}) {
  const { t } = useTranslation()
  return (
    <div className={css.column} data-wide={wide || undefined}>
      <header className={css.head}>
        <div>
          <h1 className={css.heading}>{t(`settings.section.${name}`)}</h1>
          {hint && <p className={page.quiet}>{hint}</p>}
        </div>
        {aside}
      </header>
      {children}
    </div>
  )
}

/** What belongs together, with its name. */
export function Card({
  title,
  hint,
  aside,
  children,
}: {
  title?: string
  hint?: string
  aside?: ReactNode
  children: ReactNode
}) {
  const id = useId()
  return (
    <section className={css.card} aria-labelledby={title ? id : undefined}>
      {(title || aside) && (
        <div className={css.cardHead}>
          <div>
            {title && (
              <h2 id={id} className={css.title}>
                {title}
              </h2>
            )}
            {hint && <p className={page.quiet}>{hint}</p>}
          </div>
          {aside}
        </div>
      )}
      {children}
    </section>
  )
}

/** A name at the left, its control at the right. */
export function Field({
  label,
  hint,
  children,
}: {
  label: string
  hint?: string
  children: (labelId: string) => ReactNode
}) {
  const id = useId()
  return (
    <div className={css.field}>
      <div>
        <div id={id} className={css.label}>
          {label}
        </div>
        {hint && <div className={page.quiet}>{hint}</div>}
      </div>
      <div className={css.control}>{children(id)}</div>
    </div>
  )
}
