import { SegmentedControl } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DocSection } from '../whole'
import { BarsBody } from './BarsBody'
import css from './Document.module.css'
import { HeatBody } from './HeatBody'
import { QuotesBody } from './QuotesBody'
import { chartTable, SectionChart } from './SectionChart'
import { TableBody } from './TableBody'

interface FrameProps {
  id: string
  title: string
  note?: string
  wide?: boolean
  aside?: ReactNode
  children: ReactNode
}

/** A part of the report under its title. */
export function CardFrame({ id, title, note, wide, aside, children }: FrameProps) {
  const heading = `section-${id}`
  return (
    <section className={css.card} data-wide={wide || undefined} aria-labelledby={heading} data-testid={`section-${id}`}>
      <div className={css.head}>
        <h2 id={heading}>{title}</h2>
        {aside && <div data-paper="off">{aside}</div>}
      </div>
      {children}
      {note && <p className={css.note}>{note}</p>}
    </section>
  )
}

/** One section of a document, drawn by its kind. */
export function SectionCard({ section, wide }: { section: DocSection; wide: boolean }) {
  const { t } = useTranslation()
  const [looks, setLooks] = useState<'chart' | 'table'>('chart')
  // A heat map is a coloured table already.
  const chart =
    section.chart && section.chart.kind !== 'heat' && section.chart.categories.length > 0 ? section.chart : null
  const figures =
    section.rows.length > 0
      ? section
      : section.chart
        ? {
            ...section,
            ...chartTable(section.chart, section.title),
            kind: section.chart.kind === 'heat' ? 'heat' : 'table',
          }
        : section
  const bare = figures.rows.length === 0 && section.paragraphs.length === 0
  const both = wide || !chart
  return (
    <CardFrame
      id={section.id}
      title={section.title}
      note={section.note}
      wide={wide}
      aside={
        chart &&
        !both && (
          <SegmentedControl
            size="xs"
            value={looks}
            onChange={(next) => setLooks(next as 'chart' | 'table')}
            aria-label={t('report.looksOf', { title: section.title })}
            data={[
              { value: 'chart', label: t('report.seeChart') },
              { value: 'table', label: t('report.seeTable') },
            ]}
          />
        )
      }
    >
      {bare ? (
        <p className={css.empty}>{section.empty ?? t('report.nothing')}</p>
      ) : (
        <div className={css.body} data-both={(chart && both) || undefined}>
          {chart && (both || looks === 'chart') && (
            <div className={css.chart}>
              <SectionChart title={section.title} chart={chart} />
            </div>
          )}
          {figures.rows.length > 0 && (
            <div className={css.figures} data-hidden={(chart && !both && looks === 'chart') || undefined}>
              <Figures section={figures as DocSection} />
            </div>
          )}
        </div>
      )}
      {section.paragraphs.map((words) => (
        <p key={words} className={css.words}>
          {words}
        </p>
      ))}
    </CardFrame>
  )
}

function Figures({ section: { kind, title, columns, rows } }: { section: DocSection }) {
  switch (kind) {
    case 'bars':
      return <BarsBody columns={columns} rows={rows} />
    case 'heat':
      return <HeatBody title={title} columns={columns} rows={rows} />
    case 'quotes':
      return <QuotesBody rows={rows} />
    default:
      return <TableBody title={title} columns={columns} rows={rows} />
  }
}
