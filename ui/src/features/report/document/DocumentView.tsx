/* biome-ignore-all lint/suspicious/noArrayIndexKey: lines of a document have no other name and never move */
import { Fragment, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Opens } from '../Opens'
import type { Doc, DocSpan } from '../whole'
import css from './Document.module.css'
import { Headlines } from './Headlines'
import { wideOnes } from './layout'
import { SectionCard } from './SectionCard'

export interface LivePart {
  /** The section of the document that it stands for. */
  replaces: string
  /** Where that is not in the document: after this one. */
  after: string
  wide: boolean
  draw: (wide: boolean) => ReactNode
}

/** A report: what it says, its numbers, and its sections two by two. */
export function DocumentView({ document, live = [] }: { document: Doc; live?: LivePart[] }) {
  const parts = arrange(document, live)
  const wide = wideOnes(parts.map((part) => part.wide))
  return (
    <>
      <Lead spans={document.lead} />
      <Headlines headlines={document.headlines} />
      <div className={css.sections}>
        {parts.map((part, at) => (
          <Fragment key={part.id}>{part.draw(wide[at] ?? true)}</Fragment>
        ))}
      </div>
      {document.footer.length > 0 && (
        <footer className={css.footer}>
          {document.footer.map((words) => (
            <p key={words}>{words}</p>
          ))}
        </footer>
      )}
    </>
  )
}

interface Part {
  id: string
  wide: boolean
  draw: (wide: boolean) => ReactNode
}

function arrange(document: Doc, live: LivePart[]): Part[] {
  const parts: Part[] = document.sections.map((section, at) => ({
    id: section.id || String(at),
    wide: section.wide,
    draw: (wide) => <SectionCard section={section} wide={wide} />,
  }))
  for (const { replaces, after, wide, draw } of live) {
    const part = { id: replaces, wide, draw }
    const place = parts.findIndex(({ id }) => id === replaces)
    if (place >= 0) {
      parts[place] = part
      continue
    }
    const before = parts.findIndex(({ id }) => id === after)
    parts.splice(before >= 0 ? before + 1 : parts.length, 0, part)
  }
  return parts
}

/** The stretch of time in plain words. */
function Lead({ spans }: { spans: DocSpan[] }) {
  const { t } = useTranslation()
  if (spans.length === 0) return null
  return (
    <p className={css.lead} data-testid="lead">
      {spans.map((span, at) => {
        const words = span.strong ? <b>{span.text}</b> : span.text
        return (
          <Opens key={at} opens={span.opens} label={t('report.opens', { text: span.text })} className={css.said}>
            {words}
          </Opens>
        )
      })}
    </p>
  )
}
