import { Menu } from '@mantine/core'
import {
  IconAlertOctagon,
  IconAlertTriangle,
  IconChevronDown,
  IconClockHour3,
  IconFolderOpen,
  IconHourglass,
  IconInbox,
  IconQuestionMark,
  IconStack2,
  IconUserQuestion,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { InboxCounts, View } from '@/ipc/bindings'
import css from './Views.module.css'
import { countOf, VIEWS } from './views'

interface Props {
  view: View
  counts: InboxCounts | undefined
  choose: (view: View) => void
}

const ICON: Record<View, typeof IconInbox> = {
  mine: IconInbox,
  urgent: IconAlertOctagon,
  due_1h: IconClockHour3,
  overdue: IconAlertTriangle,
  waiting: IconHourglass,
  unassigned: IconUserQuestion,
  low_confidence: IconQuestionMark,
  open: IconFolderOpen,
  all: IconStack2,
}

/** Views as a column: 1280 px and wider. */
export function ViewColumn({ view: current, counts, choose }: Props) {
  const { t } = useTranslation()
  return (
    <nav className={css.column} aria-label={t('inbox.views')}>
      <h1 className={css.title}>{t('nav.inbox')}</h1>
      {VIEWS.map((view) => {
        const Icon = ICON[view]
        const count = countOf(counts, view)
        return (
          <button
            key={view}
            type="button"
            className={css.view}
            data-on={view === current || undefined}
            data-hot={(view === 'overdue' || view === 'due_1h') && count ? view : undefined}
            aria-current={view === current ? 'true' : undefined}
            data-testid={`view-${view}`}
            onClick={() => choose(view)}
          >
            <Icon size={16} stroke={1.8} aria-hidden />
            <span className={css.name}>{t(`view.${view}`)}</span>
            <span className={css.count}>{count ?? ''}</span>
          </button>
        )
      })}
    </nav>
  )
}

const TABS = 4

/** Views as tabs with a menu for the rest: narrower windows. */
export function ViewTabs({ view: current, counts, choose }: Props) {
  const { t } = useTranslation()
  const rest = VIEWS.slice(TABS)
  const elsewhere = rest.includes(current)
  return (
    <nav className={css.tabs} aria-label={t('inbox.views')}>
      {VIEWS.slice(0, TABS).map((view) => (
        <button
          key={view}
          type="button"
          className={css.tab}
          data-on={view === current || undefined}
          aria-current={view === current ? 'true' : undefined}
          data-testid={`view-${view}`}
          onClick={() => choose(view)}
        >
          {t(`view.short.${view}`)} <b>{countOf(counts, view)}</b>
        </button>
      ))}
      <Menu position="bottom-end">
        <Menu.Target>
          <button type="button" className={css.tab} data-on={elsewhere || undefined} data-testid="view-more">
            {elsewhere ? t(`view.short.${current}`) : t('view.more')} <IconChevronDown size={14} aria-hidden />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {rest.map((view) => (
            <Menu.Item
              key={view}
              rightSection={<span className={css.count}>{countOf(counts, view)}</span>}
              data-testid={`view-${view}`}
              onClick={() => choose(view)}
            >
              {t(`view.${view}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </nav>
  )
}
