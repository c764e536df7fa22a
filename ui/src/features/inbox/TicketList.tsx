import { IconBookmarkQuestion, IconPencil } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type MouseEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Countdown } from '@/components/countdown'
import { Marked } from '@/components/marked'
import { Stars } from '@/components/stars'
import { TierBadge } from '@/components/tier'
import type { InboxRow } from '@/ipc/bindings'
import { useNow } from '@/lib/now'
import { shortTime } from '@/lib/time'
import { useWorkspace } from '../workspace'
import { RowMenu } from './RowMenu'
import css from './TicketList.module.css'

interface Props {
  rows: InboxRow[]
  total: number
  /** The number as it is shown. */
  found: string
  cursor: string | undefined
  select: (id: string) => void
  open: (id: string) => void
  more: (() => void) | undefined
}

/** Tickets by nearest deadline; only the rows in sight exist, the next page comes before its rows are reached. */
export function TicketList({ rows, total, found, cursor, select, open, more }: Props) {
  const { t } = useTranslation()
  const frame = useRef<HTMLDivElement>(null)
  const [menu, setMenu] = useState<{ row: InboxRow; x: number; y: number } | null>(null)
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => 106,
    getItemKey: (at) => rows[at]?.id ?? at,
    overscan: 8,
  })
  const items = list.getVirtualItems()
  const last = items.at(-1)?.index ?? 0

  useEffect(() => {
    if (more && last >= rows.length - 20) more()
  }, [last, rows.length, more])

  // What the menu opened keeps the focus; otherwise the list has it again.
  const closeMenu = () => {
    setMenu(null)
    setTimeout(() => {
      if (document.activeElement === document.body) frame.current?.focus({ preventScroll: true })
    })
  }

  const at = rows.findIndex((row) => row.id === cursor)
  const scrollTo = list.scrollToIndex
  const place = useRef(at)
  place.current = at
  // Follows the cursor when somebody moves it, not when an answered ticket sinks to a later deadline.
  useEffect(() => {
    if (cursor !== undefined && place.current >= 0) scrollTo(place.current, { align: 'auto' })
  }, [cursor, scrollTo])

  return (
    <>
      <div
        ref={frame}
        className={css.frame}
        role="listbox"
        tabIndex={0}
        aria-label={t('inbox.listLabel', { count: total, total: found })}
        aria-activedescendant={items.some(({ index }) => index === at) ? `row-${cursor}` : undefined}
        onContextMenu={(event) => {
          // The menu key, pressed while the list has the focus: the menu of the row under the cursor.
          const row = rows[at]
          const place = document.getElementById(`row-${row?.id}`)?.getBoundingClientRect()
          if (!row || !place) return
          event.preventDefault()
          setMenu({ row, x: place.left + 24, y: place.bottom - 12 })
        }}
        onKeyDown={(event) => {
          const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
          if (by === 0) return
          event.preventDefault()
          const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))]
          if (next) select(next.id)
        }}
      >
        <div role="presentation" style={{ height: list.getTotalSize(), position: 'relative' }}>
          {items.map((item) => {
            const row = rows[item.index]
            if (!row) return null
            return (
              <div
                key={item.key}
                ref={list.measureElement}
                data-index={item.index}
                role="presentation"
                className={css.slot}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <Row
                  row={row}
                  on={row.id === cursor}
                  place={item.index + 1}
                  total={total}
                  select={() => select(row.id)}
                  open={() => open(row.id)}
                  context={(event) => {
                    event.preventDefault()
                    event.stopPropagation()
                    select(row.id)
                    setMenu({ row, x: event.clientX, y: event.clientY })
                  }}
                />
              </div>
            )
          })}
        </div>
      </div>
      {menu && <RowMenu key={menu.row.id} {...menu} open={() => open(menu.row.id)} close={closeMenu} />}
    </>
  )
}

interface RowProps {
  row: InboxRow
  on: boolean
  place: number
  total: number
  select: () => void
  open: () => void
  context: (event: MouseEvent) => void
}

function Row({ row, on, place, total, select, open, context }: RowProps) {
  const { t } = useTranslation()
  const what = [row.shop, row.product, row.author].filter(Boolean).slice(0, 2)
  const about = [...row.causes.map((cause) => t(`cause.${cause}`)), ...row.risks.map((risk) => t(`risk.${risk}`))]
  return (
    // The listbox carries the focus and the keys; its options are pointed at by aria-activedescendant.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    // biome-ignore lint/a11y/useFocusableInteractive: see above
    <div
      id={`row-${row.id}`}
      role="option"
      aria-selected={on}
      aria-posinset={place}
      aria-setsize={total}
      className={css.row}
      data-on={on || undefined}
      data-testid="inbox-row"
      data-ticket-id={row.id}
      data-tier={row.tier}
      onClick={select}
      onDoubleClick={open}
      onContextMenu={context}
    >
      <div className={css.top}>
        <TierBadge tier={row.tier} />
        {row.clock ? <Countdown clock={row.clock} /> : <span className={css.quiet}>{t(`status.${row.status}`)}</span>}
        <span className={css.space} />
        {row.clock && <Due row={row} />}
      </div>
      <div className={css.words}>
        {row.excerpt === '' ? (
          <span className={css.quiet}>{t('review.noText')}</span>
        ) : (
          <Marked text={row.excerpt} marks={row.marks} />
        )}
      </div>
      <div className={css.facts}>
        <Stars stars={row.stars} polarity={row.polarity} />
        <span>{t(`channel.${row.channel}`)}</span>
        {what.length > 0 && (
          <span className={css.what} title={what.join(' · ')}>
            {what.join(' · ')}
          </span>
        )}
        <span className={css.space} />
        {row.hasDraft && (
          <span className={css.tag} title={t('inbox.hasDraft')}>
            <IconPencil size={12} aria-hidden />
            {t('inbox.draft')}
          </span>
        )}
        {row.needsConfirmation && (
          <span className={css.tag} title={t('inbox.confirmHint')}>
            <IconBookmarkQuestion size={12} aria-hidden />
            {t('inbox.confirm')}
          </span>
        )}
        <span className={css.causes} title={about.join(' · ')}>
          {about.slice(0, 3).join(' · ')}
        </span>
        {row.owner && (
          <span className={css.owner} title={t('inbox.owner', { name: row.owner.name })}>
            <span aria-hidden>{[...row.owner.name].at(-1)}</span>
            <span className="vh">{t('inbox.owner', { name: row.owner.name })}</span>
          </span>
        )}
      </div>
    </div>
  )
}

function Due({ row }: { row: InboxRow }) {
  const { t, i18n } = useTranslation()
  const { zone } = useWorkspace()
  const now = useNow()
  if (!row.clock) return null
  if (row.clock.slaState === 'paused') return <span className={css.due}>{t(`status.${row.status}`)}</span>
  const time = shortTime(t, i18n.language, Date.parse(row.clock.dueAt), now, zone)
  const words = t([`sla.by.${row.clock.metric}`, 'sla.by.other'], { time })
  return (
    <span className={css.due} title={words}>
      {words}
    </span>
  )
}
