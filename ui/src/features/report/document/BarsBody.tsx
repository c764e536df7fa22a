/* biome-ignore-all lint/suspicious/noArrayIndexKey: lines of a document have no other name and never move */
import type { CSSProperties } from 'react'
import type { DocColumn, DocRow } from '../whole'
import { CellView, isNumber, ShareBar } from './CellView'
import css from './Document.module.css'

/** Lines without a grid: a name, a bar, and the rest. */
export function BarsBody({ columns, rows }: { columns: DocColumn[]; rows: DocRow[] }) {
  const barAt = columns.findIndex((column, at) => at > 0 && column.kind === 'share')
  const firstNumber = columns.findIndex((column, at) => at > 0 && isNumber(column.kind))
  const at = barAt >= 0 ? barAt : firstNumber
  const largest = Math.max(1, ...rows.map((row) => Math.abs(row.cells[at]?.value ?? 0)))
  const rest = columns
    .map((_, index) => index)
    .filter(
      (index) =>
        index !== 0 &&
        index !== barAt &&
        !(barAt >= 0 && columns[index]?.kind === 'count' && saidByBar(rows, index, barAt)),
    )
  return (
    <ul className={css.bars} style={{ '--rest': rest.length } as CSSProperties}>
      {rows.map((row, line) => {
        const name = row.cells[0]?.text ?? ''
        const bar = row.cells[at]
        const own = columns[0]
        return (
          <li key={line} data-strong={row.strong || undefined}>
            <span className={css.barName}>
              {row.cells[0] && own && <CellView cell={row.cells[0]} column={own} row="" />}
            </span>
            {bar?.share ? (
              <ShareBar parts={bar.share} row={name} />
            ) : (
              <span className={css.share} aria-hidden>
                <span className={css.parts}>
                  <i data-mood={bar?.mood} style={{ flex: `0 0 ${(Math.abs(bar?.value ?? 0) / largest) * 100}%` }} />
                </span>
              </span>
            )}
            {rest.map((index) => {
              const column = columns[index]
              const cell = row.cells[index]
              return (
                <span key={index} className={css.barValue} data-kind={column?.kind}>
                  {cell && column && (
                    <>
                      {cell.text !== '' && column.kind === 'count' && (
                        <span className={css.barTitle}>{column.title} </span>
                      )}
                      <CellView cell={cell} column={column} row={name} />
                    </>
                  )}
                </span>
              )
            })}
          </li>
        )
      })}
    </ul>
  )
}

/** A column whose numbers are parts of the bar already, such as the kept ones; the broken ones are worth their words. */
function saidByBar(rows: DocRow[], index: number, barAt: number): boolean {
  const filled = rows.filter((row) => (row.cells[index]?.value ?? 0) !== 0)
  return filled.every(({ cells }) =>
    cells[barAt]?.share?.some(
      (part) => part.mood !== 'bad' && part.opens !== null && part.opens === cells[index]?.opens,
    ),
  )
}
