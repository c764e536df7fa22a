import { Button } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconArrowLeft, IconInbox, IconX } from '@tabler/icons-react'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Empty, Failure, Waiting } from '@/components/states'
import { useKeys } from '@/lib/keyboard'
import { useTicketSet } from '../report/queries'
import type { OpenedSet } from '../report/search'
import { TicketPane } from '../ticket/TicketPane'
import page from './InboxPage.module.css'
import { TicketList } from './TicketList'
import css from './TicketSetPage.module.css'
import { useCursor } from './use-cursor'

const route = getRouteApi('/inbox')

/** The tickets behind a number of a report, in the inbox's list; the way back is always in sight. */
export function TicketSetPage({ set }: { set: OpenedSet }) {
  const { t, i18n } = useTranslation()
  const { ticket } = route.useSearch()
  const navigate = useNavigate({ from: '/inbox' })
  const split = useMediaQuery('(min-width: 56em)', true, { getInitialValueInEffect: false }) ?? true
  const found = useTicketSet(set)
  const rows = found.data?.rows ?? []
  const { archived } = set.report
  const leave = () => void navigate({ to: set.at, search: archived ? { archived } : set.report })
  // The way back is asked for first, so that Escape leaves the ticket before it leaves the set.
  useKeys({ Escape: leave })
  const { cursor, select, open } = useCursor({
    rows,
    ticket,
    split,
    settled: true,
    go: (next, replace) => void navigate({ search: (now) => ({ ...now, ticket: next }), replace }),
  })
  const number = (value: number) => value.toLocaleString(i18n.language)
  const tickets = found.data ? found.data.total - found.data.withoutTicket : 0
  return (
    <div className={page.page} data-split={split || undefined}>
      {(split || !ticket) && (
        <section className={page.list} aria-label={t('inbox.list')}>
          <div className={css.head}>
            <Button
              variant="subtle"
              size="compact-sm"
              leftSection={<IconArrowLeft size={15} aria-hidden />}
              onClick={leave}
              data-testid="set-back"
            >
              {t(set.at === '/insights' ? 'set.toInsights' : 'set.toReport')}
            </Button>
            {found.data && (
              <>
                <h1 className={css.chip}>
                  <span data-testid="set-title">
                    {t('set.title', { title: found.data.title, count: found.data.total })}
                  </span>
                  <button type="button" aria-label={t('set.drop')} onClick={leave} data-testid="set-drop">
                    <IconX size={15} aria-hidden />
                  </button>
                </h1>
                {found.data.withoutTicket > 0 && (
                  <p className={css.note} data-testid="set-history">
                    {t(rows.length === 0 ? 'set.onlyHistory' : 'set.history', {
                      count: found.data.withoutTicket,
                      total: number(found.data.withoutTicket),
                    })}
                  </p>
                )}
                {rows.length > 0 && rows.length < tickets && (
                  <p className={css.note} data-testid="set-more">
                    {t('set.more', { total: number(tickets), count: rows.length })}
                  </p>
                )}
              </>
            )}
          </div>
          {found.error && !found.data ? (
            <Failure error={found.error} retry={() => void found.refetch()} />
          ) : !found.data ? (
            <Waiting />
          ) : rows.length === 0 ? (
            <Empty icon={<IconInbox aria-hidden />} title={t('set.none')} hint={t('set.noneHint')} />
          ) : (
            <TicketList
              rows={rows}
              total={rows.length}
              found={number(rows.length)}
              cursor={cursor}
              select={split ? select : open}
              open={open}
              more={undefined}
            />
          )}
        </section>
      )}
      {(split || ticket) && (
        <section className={page.ticket} aria-label={t('inbox.ticket')}>
          {ticket && (
            <TicketPane
              key={ticket}
              id={ticket}
              back={
                split
                  ? undefined
                  : () => void navigate({ search: (now) => ({ ...now, ticket: undefined }), replace: true })
              }
            />
          )}
        </section>
      )}
    </div>
  )
}
