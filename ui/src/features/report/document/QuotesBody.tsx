/* biome-ignore-all lint/suspicious/noArrayIndexKey: lines of a document have no other name and never move */
import { useTranslation } from 'react-i18next'
import { Opens } from '../Opens'
import type { DocRow } from '../whole'
import css from './Document.module.css'

/** What customers said: their words, and small below where, what and when. */
export function QuotesBody({ rows }: { rows: DocRow[] }) {
  const { t } = useTranslation()
  return (
    <div className={css.quotes}>
      {rows.map((row, line) => {
        const [words, ...facts] = row.cells
        if (!words) return null
        return row.strong ? (
          <h3 key={line}>{words.text}</h3>
        ) : (
          <figure key={line}>
            <blockquote>
              <Opens opens={words.opens} label={t('report.opens', { text: words.text })} className={css.value}>
                {words.text}
              </Opens>
            </blockquote>
            <figcaption>{facts.flatMap((fact) => (fact.text === '' ? [] : [fact.text])).join(' · ')}</figcaption>
          </figure>
        )
      })}
    </div>
  )
}
