import { ActionIcon, Alert } from '@mantine/core'
import { IconAlertTriangle, IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { type KeyboardEvent, memo, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DayKind, DayView, YearView } from '@/ipc/bindings'
import css from './Calendar.module.css'
import { dayName, parseDate, plusDays, weekdayNames, weekdayOf, windowsText } from './days'

/** What a day's corner says: 休 on holidays, 班 on make-up days, 改 where somebody set it. */
const CORNER: Partial<Record<DayKind, string>> = {
  holiday: 'worktime.corner.holiday',
  makeup: 'worktime.corner.makeup',
  override_closed: 'worktime.corner.own',
  override_open: 'worktime.corner.own',
}
const LEGEND: DayKind[] = ['work', 'rest', 'holiday', 'makeup', 'override_open']
const STEP: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }

interface Props {
  view: YearView
  today: string
  setYear: (year: number) => void
  /** A day was chosen; `at` is where it stands on the screen. */
  choose: (date: string, at: DOMRect) => void
}

/** A year as twelve months. One day has the focus; arrows move it, Enter opens it. */
export function Year({ view, today, setYear, choose }: Props) {
  const { t, i18n } = useTranslation()
  const frame = useRef<HTMLDivElement>(null)
  const [focused, setFocused] = useState<string | null>(null)
  const first = `${view.year}-01-01`
  const inYear = (date: string) => date.startsWith(`${view.year}-`)
  const cursor = focused !== null && inYear(focused) ? focused : inYear(today) ? today : first
  const months = useMemo(
    () =>
      Array.from({ length: 12 }, (_, month) => view.days.filter((day) => parseDate(day.date).getUTCMonth() === month)),
    [view.days],
  )

  const onKeyDown = (event: KeyboardEvent) => {
    const monthStep = event.key === 'PageDown' ? 1 : event.key === 'PageUp' ? -1 : 0
    let next: string | undefined
    if (STEP[event.key] !== undefined) next = plusDays(cursor, STEP[event.key] ?? 0)
    else if (monthStep !== 0) {
      const date = parseDate(cursor)
      date.setUTCMonth(date.getUTCMonth() + monthStep, 1)
      next = date.toISOString().slice(0, 10)
    } else if (event.key === 'Home') next = plusDays(cursor, -weekdayOf(cursor))
    else if (event.key === 'End') next = plusDays(cursor, 6 - weekdayOf(cursor))
    if (next === undefined) return
    event.preventDefault()
    if (!inYear(next)) return
    setFocused(next)
    frame.current?.querySelector<HTMLElement>(`[data-date="${next}"]`)?.focus()
  }

  return (
    <>
      <div className={css.yearHead}>
        <ActionIcon variant="default" aria-label={t('worktime.previousYear')} onClick={() => setYear(view.year - 1)}>
          <IconChevronLeft size={16} aria-hidden />
        </ActionIcon>
        <b className={css.yearName} aria-live="polite">
          {t('worktime.year', { year: view.year })}
        </b>
        <ActionIcon
          variant="default"
          aria-label={t('worktime.nextYear')}
          onClick={() => setYear(view.year + 1)}
          data-testid="next-year"
        >
          <IconChevronRight size={16} aria-hidden />
        </ActionIcon>
        {!view.published && <span className={css.unpublished}>{t('worktime.unpublished')}</span>}
        <ul className={css.legend}>
          {LEGEND.map((kind) => (
            <li key={kind}>
              <i data-kind={kind} aria-hidden>
                {CORNER[kind] ? t(CORNER[kind]) : ''}
              </i>
              {t(`worktime.kind.${kind}`)}
            </li>
          ))}
        </ul>
      </div>
      {view.notice && (
        <Alert color="orange" variant="light" icon={<IconAlertTriangle size={17} aria-hidden />} mb="sm">
          {i18n.language === 'en' ? t('worktime.notice', { year: view.year }) : view.notice}
        </Alert>
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the days inside are the controls; their events arrive here */}
      <div
        ref={frame}
        className={css.months}
        data-testid="year"
        onKeyDown={onKeyDown}
        onClick={(event) => {
          const day = (event.target as Element).closest<HTMLElement>('[data-date]')
          if (!day?.dataset.date) return
          setFocused(day.dataset.date)
          choose(day.dataset.date, day.getBoundingClientRect())
        }}
      >
        {months.map((days, month) => (
          <Month
            // biome-ignore lint/suspicious/noArrayIndexKey: twelve months, always in this order
            key={month}
            days={days}
            year={view.year}
            month={month}
            cursor={days.some(({ date }) => date === cursor) ? cursor : null}
            today={days.some(({ date }) => date === today) ? today : null}
          />
        ))}
      </div>
    </>
  )
}

interface MonthProps {
  days: DayView[]
  year: number
  month: number
  cursor: string | null
  today: string | null
}

const Month = memo(function Month({ days, year, month, cursor, today }: MonthProps) {
  const { t, i18n } = useTranslation()
  const name = new Intl.DateTimeFormat(i18n.language, { timeZone: 'UTC', month: 'long' }).format(
    Date.UTC(year, month, 1),
  )
  const lead = days[0] ? weekdayOf(days[0].date) : 0
  const cells: (DayView | null)[] = [...Array.from({ length: lead }, () => null), ...days]
  const weeks = Array.from({ length: Math.ceil(cells.length / 7) }, (_, week) => cells.slice(week * 7, week * 7 + 7))
  const says = (day: DayView) =>
    [
      dayName(i18n.language, day.date),
      t(`worktime.kind.${day.kind}`),
      day.name,
      day.windows.length > 0 ? windowsText(day.windows) : null,
      day.assumed ? t('worktime.assumed') : null,
    ]
      .filter(Boolean)
      .join(t('common.listJoin'))
  return (
    <table className={css.month}>
      <caption>{name}</caption>
      <thead>
        <tr>
          {weekdayNames(i18n.language, 'narrow').map((weekday, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: English has two S and two T
            <th key={at} scope="col" aria-label={weekdayNames(i18n.language, 'short')[at]}>
              {weekday}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: weeks of a month, always in this order
          <tr key={at}>
            {week.map((day, column) =>
              day === null ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: empty days before the first
                <td key={column} />
              ) : (
                <td key={day.date}>
                  <button
                    type="button"
                    className={css.day}
                    data-date={day.date}
                    data-kind={day.kind}
                    data-corner={CORNER[day.kind] && t(CORNER[day.kind] ?? '')}
                    data-assumed={day.assumed || undefined}
                    data-today={day.date === today || undefined}
                    tabIndex={day.date === cursor ? 0 : -1}
                    aria-label={says(day)}
                    title={says(day)}
                  >
                    {Number(day.date.slice(8))}
                  </button>
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
})
