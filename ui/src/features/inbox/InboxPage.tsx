import { Button } from '@mantine/core'
import { useDebouncedCallback, useMediaQuery } from '@mantine/hooks'
import { IconDownload, IconInbox } from '@tabler/icons-react'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Empty, Failure, Waiting } from '@/components/states'
import { foundText } from '@/lib/found-text'
import { useKeys } from '@/lib/keyboard'
import type { InboxSearch } from '@/routes/router'
import { TicketPane } from '../ticket/TicketPane'
import { useLoadSample, useWorkspace } from '../workspace'
import { FilterBar } from './FilterBar'
import css from './InboxPage.module.css'
import { type InboxFilter, useCounts, useInbox } from './queries'
import { TicketList } from './TicketList'
import { TicketSetPage } from './TicketSetPage'
import { useCursor } from './use-cursor'
import { ViewColumn, ViewTabs } from './Views'

const route = getRouteApi('/inbox')

/** 收件箱: what must I do next? Or, opened from a report, the tickets behind one of its numbers. */
export function InboxPage() {
  const { set } = route.useSearch()
  return set ? <TicketSetPage key={set.key} set={set} /> : <Inbox />
}

function Inbox() {
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
      owners: search.owners ?? [],
      day: search.day ?? null,
      hour: search.hour ?? null,
    }),
    [
      search.view,
      search.q,
      search.tiers,
      search.causes,
      search.channels,
      search.statuses,
      search.owners,
      search.day,
      search.hour,
    ],
  )
  const inbox = useInbox(filter)
  const rows = useMemo(() => inbox.data?.pages.flatMap((page) => page.rows) ?? [], [inbox.data])
  const total = inbox.data?.pages[0]?.total ?? 0
  const found = foundText(total, inbox.data?.pages[0]?.more, i18n.language)

  const go = (change: Partial<InboxSearch>, replace = true) =>
    void navigate({ search: (now) => ({ ...now, ...change }), replace })
  const { cursor, select, open } = useCursor({
    rows,
    ticket: search.ticket,
    split,
    settled: !inbox.isPlaceholderData,
    go: (ticket, replace) => go({ ticket }, replace),
  })

  const searchBox = useRef<HTMLInputElement>(null)
  const searchFor = useDebouncedCallback((q: string) => go({ q: q || undefined, ticket: undefined }), 150)

  const listShown = split || !search.ticket
  useKeys({ search: () => searchBox.current?.focus() })

  if (isEmpty) return <NothingYet />

  const filtered =
    filter.search !== '' ||
    filter.day !== null ||
    [filter.tiers, filter.causes, filter.channels, filter.statuses, filter.owners].some(
      (list) => (list?.length ?? 0) > 0,
    )

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
                        owners: undefined,
                        day: undefined,
                        hour: undefined,
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
