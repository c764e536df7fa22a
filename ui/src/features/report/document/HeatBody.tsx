/* biome-ignore-all lint/suspicious/noArrayIndexKey: lines of a document have no other name and never move */
import { Table } from '@mantine/core'
import type { CSSProperties } from 'react'
import { useTranslation } from 'react-i18next'
import { Opens } from '../Opens'
import type { DocColumn, DocRow } from '../whole'
import { useOpensLabel } from './CellView'
import css from './Document.module.css'

/** A table whose fields are the darker the larger their number; the number itself always stands in it. */
export function HeatBody({ title, columns, rows }: { title: string; columns: DocColumn[]; rows: DocRow[] }) {
  const { t } = useTranslation()
  const label = useOpensLabel()
  const values = rows.filter((row) => !row.strong).flatMap((row) => row.cells.slice(1).map((cell) => cell.value ?? 0))
  const largest = Math.max(1, ...values)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
    <section className={css.scroller} aria-label={t('report.tableOf', { title })} tabIndex={0}>
      <Table className={css.heat} verticalSpacing={0} horizontalSpacing={0} withRowBorders={false}>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column, at) => (
              <Table.Th key={at} scope="col">
                {column.title === '' ? <span className="vh">{t('report.column')}</span> : column.title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row, line) => {
            const name = row.cells[0]?.text ?? ''
            return (
              <Table.Tr key={line} data-strong={row.strong || undefined}>
                <Table.Th scope="row">{name}</Table.Th>
                {columns.slice(1).map((column, at) => {
                  const cell = row.cells[at + 1]
                  const heat = row.strong ? 0 : Math.round(((cell?.value ?? 0) / largest) * 46)
                  return (
                    <Table.Td key={at} style={{ '--heat': `${heat}%` } as CSSProperties}>
                      <Opens
                        opens={cell?.opens ?? null}
                        label={label(cell?.text ?? '', `${name} · ${column.title}`, 'count')}
                        className={css.field}
                      >
                        {cell?.text ?? ''}
                        {cell?.badge && <span className={css.badge}>{cell.badge}</span>}
                      </Opens>
                    </Table.Td>
                  )
                })}
              </Table.Tr>
            )
          })}
        </Table.Tbody>
      </Table>
    </section>
  )
}
