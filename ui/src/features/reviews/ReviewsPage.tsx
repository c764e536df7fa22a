import { Button, Checkbox, MultiSelect, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconMessages, IconSearch, IconTicket } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Marked } from '@/components/marked'
import { noticeError } from '@/components/notice'
import page from '@/components/page.module.css'
import { Stars } from '@/components/stars'
import { Empty, Failure, Waiting } from '@/components/states'
import type { ReviewChannel, ReviewView, Sentiment } from '@/ipc/bindings'
import { unwrap } from '@/ipc/errors'
import { core } from '@/ipc/platform'
import { keys } from '@/ipc/tags'
import { foundText } from '@/lib/found-text'
import { useKeys } from '@/lib/keyboard'
import { useNow } from '@/lib/now'
import { dayOnly, dayTime } from '@/lib/time'
import { CHANNELS, SENTIMENTS } from '../words'
import { useWorkspace } from '../workspace'
import css from './ReviewsPage.module.css'

const PAGE = 100

/** 评价: every review that ever came in, history included; a ticket can be opened by hand. */
export function ReviewsPage() {
  const { t, i18n } = useTranslation()
  const { isEmpty } = useWorkspace()
  const [words, setWords] = useState('')
  const [search] = useDebouncedValue(words.trim(), 200)
  const [withoutTicket, setWithoutTicket] = useState(false)
  const [channels, setChannels] = useState<ReviewChannel[]>([])
  const [sentiments, setSentiments] = useState<Sentiment[]>([])
  const box = useRef<HTMLInputElement>(null)
  const filter = { search, withoutTicket, channels, sentiments }
  const reviews = useInfiniteQuery({
    queryKey: [...keys.reviews, filter],
    queryFn: ({ pageParam }) => unwrap(core().reviewPage({ ...filter, cursor: pageParam, limit: PAGE })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  })
  const rows = useMemo(() => reviews.data?.pages.flatMap((one) => one.rows) ?? [], [reviews.data])
  const total = reviews.data?.pages[0]?.total ?? 0
  useKeys({ search: () => box.current?.focus() })

  if (isEmpty) {
    return (
      <Empty
        page
        icon={<IconMessages aria-hidden />}
        title={t('reviews.nothingYet')}
        hint={t('reviews.nothingYetHint')}
        action={<Button renderRoot={(props) => <Link to="/sources" {...props} />}>{t('inbox.bring')}</Button>}
      />
    )
  }
  return (
    <div className={css.page}>
      <div className={css.head}>
        <h1 className={page.title}>
          {t('reviews.title')}{' '}
          <span className={css.total}>
            {t('reviews.total', { count: total, total: foundText(total, reviews.data?.pages[0]?.more, i18n.language) })}
          </span>
        </h1>
        <div className={css.filters}>
          <TextInput
            ref={box}
            className={css.search}
            type="search"
            placeholder={t('reviews.search')}
            aria-label={t('reviews.search')}
            leftSection={<IconSearch size={16} aria-hidden />}
            value={words}
            data-testid="review-search"
            onChange={(event) => setWords(event.currentTarget.value)}
            onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
          />
          <MultiSelect
            className={css.pick}
            aria-label={t('inbox.by.channels')}
            placeholder={channels.length ? '' : t('inbox.by.channels')}
            data={CHANNELS.map((channel) => ({ value: channel, label: t(`channel.${channel}`) }))}
            value={channels}
            onChange={(next) => setChannels(next as ReviewChannel[])}
            searchable
          />
          <MultiSelect
            className={css.pick}
            aria-label={t('reviews.bySentiment')}
            placeholder={sentiments.length ? '' : t('reviews.bySentiment')}
            data={SENTIMENTS.map((one) => ({ value: one, label: t(`sentiment.${one}`) }))}
            value={sentiments}
            onChange={(next) => setSentiments(next as Sentiment[])}
          />
          <Checkbox
            label={t('reviews.withoutTicket')}
            checked={withoutTicket}
            onChange={(event) => setWithoutTicket(event.currentTarget.checked)}
          />
        </div>
      </div>
      {reviews.error && rows.length === 0 ? (
        <Failure error={reviews.error} retry={() => void reviews.refetch()} />
      ) : reviews.isPending ? (
        <Waiting />
      ) : rows.length === 0 ? (
        <Empty icon={<IconSearch aria-hidden />} title={t('reviews.noMatch')} hint={t('reviews.noMatchHint')} />
      ) : (
        <List
          rows={rows}
          more={reviews.hasNextPage ? () => void (reviews.isFetchingNextPage || reviews.fetchNextPage()) : undefined}
        />
      )}
    </div>
  )
}

function List({ rows, more }: { rows: ReviewView[]; more: (() => void) | undefined }) {
  const { t } = useTranslation()
  const frame = useRef<HTMLElement>(null)
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => 96,
    getItemKey: (at) => rows[at]?.id ?? at,
    overscan: 6,
  })
  const items = list.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (more && last >= rows.length - 20) more()
  }, [last, rows.length, more])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
    <section ref={frame} className={css.frame} aria-label={t('reviews.title')} tabIndex={0}>
      <ul className={css.list} style={{ height: list.getTotalSize() }}>
        {items.map((item) => {
          const review = rows[item.index]
          if (!review) return null
          return (
            <li
              key={item.key}
              ref={list.measureElement}
              data-index={item.index}
              className={css.slot}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <Row review={review} />
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function Row({ review }: { review: ReviewView }) {
  const { t, i18n } = useTranslation()
  const { zone } = useWorkspace()
  const now = useNow()
  const client = useQueryClient()
  const navigate = useNavigate()
  const open = useMutation({
    mutationFn: () => unwrap(core().ticketOpen(review.id)),
    onSuccess: (ticket) => {
      void client.invalidateQueries({ queryKey: keys.inbox })
      void client.invalidateQueries({ queryKey: keys.reviews })
      void navigate({ to: '/inbox', search: { view: 'open', ticket: ticket.id } })
    },
    onError: noticeError,
  })
  const posted = review.postedAt ? Date.parse(review.postedAt) : null
  const when =
    posted === null
      ? t('review.noTime')
      : review.postedPrecision === 'day' || review.postedPrecision === 'month'
        ? dayOnly(t, i18n.language, posted, now, zone)
        : dayTime(t, i18n.language, posted, now, zone)
  return (
    <article className={css.row} data-testid="review-row" data-review-id={review.id}>
      <div className={css.text}>
        <div className={css.facts}>
          <span className={css.sentiment} data-sentiment={review.sentiment}>
            {t(`sentiment.${review.sentiment}`)}
          </span>
          <Stars stars={review.stars} polarity={review.polarity} />
          <span>{when}</span>
          <span>
            {[t(`channel.${review.channel}`), review.shop, review.product, review.author].filter(Boolean).join(' · ')}
          </span>
        </div>
        <p className={css.words}>
          {review.body === '' ? (
            <span className={css.none}>{t('review.noText')}</span>
          ) : (
            <Marked text={review.body} marks={review.marks} />
          )}
        </p>
      </div>
      {review.ticketId ? (
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconTicket size={15} aria-hidden />}
          renderRoot={(props) => (
            <Link to="/inbox" search={{ view: 'all', ticket: review.ticketId ?? '' }} {...props} />
          )}
        >
          {t('reviews.seeTicket')}
        </Button>
      ) : (
        <Button
          variant="default"
          size="compact-sm"
          loading={open.isPending}
          onClick={() => open.mutate()}
          data-testid="open-ticket"
        >
          {t('reviews.openTicket')}
        </Button>
      )}
    </article>
  )
}
