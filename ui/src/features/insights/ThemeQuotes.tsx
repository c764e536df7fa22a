import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { ThemeQuote } from '@/ipc/bindings'
import { useNow } from '@/lib/now'
import { dayOnly } from '@/lib/time'
import { useWorkspace } from '../workspace'
import css from './Insights.module.css'

/** Typical words of customers, as plain text. */
export function ThemeQuotes({ quotes }: { quotes: ThemeQuote[] }) {
  const { t, i18n } = useTranslation()
  const { zone } = useWorkspace()
  const now = useNow()
  return (
    <ul className={css.quotes}>
      {quotes.map((quote) => (
        <li key={quote.at + quote.text}>
          <q>{quote.text}</q>
          <span className={css.quiet}>
            {[quote.product, dayOnly(t, i18n.language, Date.parse(quote.at), now, zone)].filter(Boolean).join(' · ')}
            {quote.ticketId && (
              <>
                {' · '}
                <Link to="/inbox" search={{ view: 'all', ticket: quote.ticketId }}>
                  {t('theme.oneTicket')}
                </Link>
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  )
}
