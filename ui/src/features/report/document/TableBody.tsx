/* biome-ignore-all lint/suspicious/noArrayIndexKey: lines of a document have no other name and never move */
import { Button, Table } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DocColumn, DocRow } from '../whole'
import { CellView, isNumber } from './CellView'
import css from './Document.module.css'

/** So many rows are read at a glance; the rest is one click away, and always on paper. */
const GLANCE = 10

export function TableBody({ title, columns, rows }: { title: string; columns: DocColumn[]; rows: DocRow[] }) {
  const { t } = useTranslation()
  const [all, setAll] = useState(rows.length <= GLANCE + 2)
  const plain = rows.filter((row) => !row.strong)
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard */}
      <section className={css.scroller} aria-label={t('report.tableOf', { title })} tabIndex={0}>
        <Table className={css.table} verticalSpacing={5} horizontalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              {columns.map((column, at) => (
                <Table.Th key={at} data-number={isNumber(column.kind) || undefined} scope="col">
                  {column.title === '' ? <span className="vh">{t('report.column')}</span> : column.title}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row, line) => (
              <Table.Tr
                key={line}
                data-strong={row.strong || undefined}
                data-rest={(!all && !row.strong && plain.indexOf(row) >= GLANCE) || undefined}
              >
                {columns.map((column, at) => {
                  const cell = row.cells[at]
                  return (
                    <Table.Td
                      key={at}
                      data-number={isNumber(column.kind) || undefined}
                      data-first={at === 0 || undefined}
                    >
                      {cell && (
                        <CellView cell={cell} column={column} row={at === 0 ? '' : (row.cells[0]?.text ?? '')} />
                      )}
                    </Table.Td>
                  )
                })}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
      {!all && (
        <Button variant="subtle" size="compact-sm" mt={6} onClick={() => setAll(true)} data-paper="off">
          {t('report.allRows', { count: rows.length })}
        </Button>
      )}
    </>
  )
}
