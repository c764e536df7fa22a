import { Button } from '@mantine/core'
import { useDebouncedCallback, useMediaQuery } from '@mantine/hooks'
import { IconDownload, IconInbox } from '@tabler/icons-react'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Empty, Failure, Waiting } from '@/components/states'
import { foundText } from '@/lib/found-text'
import { useKeys } from '@/lib/keyboard'
import type { InboxSearch } from '@/routes/router'
import { focusOn } from '../ticket/focus'
import { pressing } from '../ticket/mutations'
import { TicketPane } from '../ticket/TicketPane'
import { useLoadSample, useWorkspace } from '../workspace'
import { FilterBar } from './FilterBar'
import css from './InboxPage.module.css'
import { type InboxFilter, useCounts, useInbox } from './queries'
import { TicketList } from './TicketList'
import { ViewColumn, ViewTabs } from './Views'

const route = getRouteApi('/inbox')

/** 收件箱: what must I do next? */
export function InboxPage() {
  const { t, i18n } = useTranslation()
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/inbox' })
  const { isEmpty } = useWorkspace()
  const counts = useCounts()
  const wide = useMediaQuery('(min-width: 80em)', true, { getInitialValueInEffect: false }) ?? true
  const split = useMediaQuery('(min-width: 56em)', true, { getInitialValueInEffect: false }) ?? true

  const filter: InboxFilter = useMemo(
    () => ({
      view: search.view,
      search: search.q ?? '',
      tiers: search.tiers ?? [],
      causes: search.causes ?? [],
      channels: search.channels ?? [],
      statuses: search.statuses ?? [],
    }),
    [search.view, search.q, search.tiers, search.causes, search.channels, search.statuses],
  )
  const inbox = useInbox(filter)
  const rows = useMemo(() => inbox.data?.pages.flatMap((page) => page.rows) ?? [], [inbox.data])
  const total = inbox.data?.pages[0]?.total ?? 0
  const found = foundText(total, inbox.data?.pages[0]?.more, i18n.language)

  // On a narrow window the list keeps its own cursor, because the ticket covers it.
  const [marked, setMarked] = useState<string | undefined>(undefined)
  const cursor = search.ticket ?? marked

  const go = (change: Partial<InboxSearch>, replace = true) =>
    void navigate({ search: (now) => ({ ...now, ...change }), replace })
  const select = (ticket: string) => {
    setMarked(ticket)
    if (split) go({ ticket })
  }
  const open = (ticket: string) => {
    setMarked(ticket)
    go({ ticket }, split)
    if (split) focusOn('ticket')
  }

  // The most pressing ticket is shown by itself; nothing happens to a ticket by being looked at.
  const first = rows[0]?.id
  const showFirst = split && !search.ticket && first !== undefined && !inbox.isPlaceholderData
  useEffect(() => {
    if (showFirst) void navigate({ search: (now) => ({ ...now, ticket: first }), replace: true })
  }, [showFirst, first, navigate])

  useEffect(() => {
    pressing.set(
      first === undefined
        ? null
        : { id: first, open: () => void navigate({ search: (now) => ({ ...now, ticket: first }), replace: true }) },
    )
    return () => pressing.set(null)
  }, [first, navigate])

  const searchBox = useRef<HTMLInputElement>(null)
  const searchFor = useDebouncedCallback((q: string) => go({ q: q || undefined, ticket: undefined }), 150)

  const step = (by: number) => {
    if (rows.length === 0) return
    const at = rows.findIndex((row) => row.id === cursor)
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))]
    if (next) select(next.id)
  }
  const listShown = split || !search.ticket
  const openCursor = () => {
    if (cursor) open(cursor)
  }
  const leaveTicket = () => go({ ticket: undefined })
  useKeys({
    down: () => step(1),
    up: () => step(-1),
    open: openCursor,
    search: () => searchBox.current?.focus(),
    ...(!split && search.ticket ? { Escape: leaveTicket } : {}),
  })

  if (isEmpty) return <NothingYet />

  const filtered =
    filter.search !== '' ||
    [filter.tiers, filter.causes, filter.channels, filter.statuses].some((list) => (list?.length ?? 0) > 0)

  return (
    <div className={css.page} data-split={split || undefined}>
      {!wide && <h1 className="vh">{t('nav.inbox')}</h1>}
      {wide && (
        <ViewColumn view={search.view} counts={counts.data} choose={(view) => go({ view, ticket: undefined }, false)} />
      )}
      {listShown && (
        <section className={css.list} aria-label={t('inbox.list')}>
          <FilterBar
            key={search.view}
            filter={filter}
            channels={counts.data?.channels ?? []}
            total={total}
            found={found}
            searchBox={searchBox}
            searchFor={searchFor}
            change={(change) => go({ ...change, ticket: undefined })}
          />
          {!wide && (
            <ViewTabs
              view={search.view}
              counts={counts.data}
              choose={(view) => go({ view, ticket: undefined }, false)}
            />
          )}
          {inbox.error && rows.length === 0 ? (
            <Failure error={inbox.error} retry={() => void inbox.refetch()} />
          ) : inbox.isPending ? (
            <Waiting />
          ) : rows.length === 0 ? (
            filtered ? (
              <Empty
                icon={<IconInbox aria-hidden />}
                title={t('inbox.noMatch')}
                hint={t('inbox.noMatchHint')}
                action={
                  <Button
                    variant="default"
                    onClick={() => {
                      if (searchBox.current) searchBox.current.value = ''
                      go({
                        q: undefined,
                        tiers: undefined,
                        causes: undefined,
                        channels: undefined,
                        statuses: undefined,
                      })
                    }}
                  >
                    {t('inbox.clearFilters')}
                  </Button>
                }
              />
            ) : (
              <Empty
                icon={<IconInbox aria-hidden />}
                title={t(`inbox.empty.${search.view}`)}
                hint={t('inbox.emptyHint')}
                action={
                  search.view === 'all' ? undefined : (
                    <Button variant="default" onClick={() => go({ view: 'open' }, false)}>
                      {t('inbox.showOpen')}
                    </Button>
                  )
                }
              />
            )
          ) : (
            <TicketList
              rows={rows}
              total={total}
              found={found}
              cursor={cursor}
              select={split ? select : open}
              open={open}
              more={inbox.hasNextPage ? () => void (inbox.isFetchingNextPage || inbox.fetchNextPage()) : undefined}
            />
          )}
        </section>
      )}
      {(split || search.ticket) && (
        <section className={css.ticket} aria-label={t('inbox.ticket')}>
          {search.ticket ? (
            <TicketPane
              key={search.ticket}
              id={search.ticket}
              back={split ? undefined : () => go({ ticket: undefined })}
            />
          ) : (
            rows.length > 0 && <Waiting />
          )}
        </section>
      )}
    </div>
  )
}

function NothingYet() {
  const { t } = useTranslation()
  const sample = useLoadSample()
  return (
    <Empty
      page
      icon={<IconInbox aria-hidden />}
      title={t('inbox.nothingYet')}
      hint={t('inbox.nothingYetHint')}
      action={
        <div className={css.firstSteps}>
          <Button
            renderRoot={(props) => <Link to="/sources" {...props} />}
            leftSection={<IconDownload size={16} aria-hidden />}
          >
            {t('inbox.bring')}
          </Button>
          <Button variant="subtle" loading={sample.isPending} onClick={() => sample.mutate()} data-testid="load-sample">
            {t('sources.loadSample')}
          </Button>
        </div>
      }
    />
  )
}
