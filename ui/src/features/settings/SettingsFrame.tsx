import {
  IconBell,
  IconBook2,
  IconCalendar,
  IconCalendarUser,
  IconChartBar,
  IconClockCheck,
  IconDatabase,
  IconInfoCircle,
  IconKeyboard,
  IconRobot,
  IconSettings,
  IconUsers,
} from '@tabler/icons-react'
import { Link, Outlet } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import css from './Settings.module.css'
import { SECTIONS, type Section } from './sections'

const ICON: Record<Section, typeof IconSettings> = {
  general: IconSettings,
  people: IconUsers,
  reading: IconBook2,
  promise: IconClockCheck,
  calendar: IconCalendar,
  shifts: IconCalendarUser,
  alerts: IconBell,
  bots: IconRobot,
  reports: IconChartBar,
  keys: IconKeyboard,
  data: IconDatabase,
  about: IconInfoCircle,
}

/** 设置: the sections at the side, one of them in view. */
export function SettingsFrame() {
  const { t } = useTranslation()
  return (
    <div className={css.frame}>
      <nav className={css.nav} aria-label={t('settings.title')}>
        <p className={css.navTitle}>{t('settings.title')}</p>
        {SECTIONS.map((name) => {
          const Icon = ICON[name]
          return (
            <Link
              key={name}
              to={`/settings/${name}`}
              className={css.link}
              activeProps={{ 'data-on': true, 'aria-current': 'page' }}
              data-testid={`settings-${name}`}
            >
              <Icon size={16} stroke={1.8} aria-hidden />
              {t(`settings.section.${name}`)}
            </Link>
          )
        })}
      </nav>
      <div className={css.page}>
        <Outlet />
      </div>
    </div>
  )
}
