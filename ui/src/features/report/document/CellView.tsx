import { useTranslation } from 'react-i18next'
import { Sparkline } from '@/components/sparkline'
import type { ValueKind } from '@/ipc/bindings'
import { Opens } from '../Opens'
import type { DocCell, DocColumn, DocShare } from '../whole'
import css from './Document.module.css'

/** Numbers stand at the end of their column, words at its start. */
export const isNumber = (kind: ValueKind) => ['count', 'percent', 'change', 'duration', 'money'].includes(kind)

/** What somebody hears who opens a number: of what it is, and how many tickets. */
export function useOpensLabel() {
  const { t } = useTranslation()
  return (text: string, of: string, kind: ValueKind) => {
    const what = of === '' || of === text ? '' : t('report.ofWhat', { what: of })
    return what + (kind === 'count' ? t('report.opensCount', { number: text }) : t('report.opens', { text }))
  }
}

/** A value as the document words it, with its badge, small line or bar. */
export function CellView({ cell, column, row }: { cell: DocCell; column: DocColumn; row: string }) {
  const { t } = useTranslation()
  const label = useOpensLabel()
  const of = [row, column.title].filter(Boolean).join(' · ')
  if (cell.trend && cell.trend.length > 0) {
    return (
      <Sparkline
        values={cell.trend}
        mood={cell.mood}
        label={t('report.trend', { of, values: cell.trend.map((value) => value ?? '–').join(t('common.and')) })}
      />
    )
  }
  if (cell.share) return <ShareBar parts={cell.share} row={row} />
  return (
    <>
      {cell.text !== '' && (
        <Opens opens={cell.opens} label={label(cell.text, of, column.kind)} className={css.value}>
          <span data-mood={cell.mood}>{cell.text}</span>
        </Opens>
      )}
      <MoodWord mood={cell.mood} />
      {cell.badge && (
        <span className={css.badge} data-mood={cell.mood}>
          {cell.badge}
        </span>
      )}
    </>
  )
}

/** Says for ears what colour and weight say for eyes. */
export function MoodWord({ mood }: { mood: DocCell['mood'] }) {
  const { t } = useTranslation()
  if (mood !== 'good' && mood !== 'bad' && mood !== 'warn') return null
  return <span className="vh">{t(`report.mood.${mood}`)}</span>
}

/** Parts of a whole; every part opens its own tickets. What is hit is wider than a thin part looks. */
export function ShareBar({ parts, row }: { parts: DocShare[]; row: string }) {
  const { t } = useTranslation()
  const label = useOpensLabel()
  const shown = parts.filter((part) => (part.value ?? 0) > 0)
  if (shown.length === 0) return <span className={css.quiet}>{t('report.nothing')}</span>
  return (
    <span className={css.share}>
      <span className={css.parts} aria-hidden>
        {shown.map((part) => (
          <i key={part.text} data-mood={part.mood} style={{ flexGrow: part.value ?? 0 }} />
        ))}
      </span>
      <span className={css.hits}>
        {shown.map((part) => (
          <Opens
            key={part.text}
            opens={part.opens}
            label={label(part.text, row, 'text')}
            className={css.hit}
            style={{ flexGrow: part.value ?? 0 }}
          >
            <span className="vh">{part.text}</span>
            <span className={css.tip} title={part.text} />
          </Opens>
        ))}
      </span>
    </span>
  )
}
