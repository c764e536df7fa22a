import { Link } from '@tanstack/react-router'
import type { InboxSearch } from '@/routes/router'
import css from './Today.module.css'

/** A number that opens its tickets; nothing to open behind a nought. */
export function Count({
  value,
  search,
  label,
  testId,
}: {
  value: number
  search: InboxSearch
  label: string
  testId?: string
}) {
  if (value === 0) return value
  return (
    <Link to="/inbox" search={search} className={css.count} aria-label={label} data-testid={testId}>
      {value}
    </Link>
  )
}
