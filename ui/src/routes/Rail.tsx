import { Menu, Tooltip, UnstyledButton } from '@mantine/core'
import {
  IconBell,
  IconChartBar,
  IconDownload,
  IconInbox,
  IconMessages,
  IconSettings,
  IconSun,
  IconTrendingUp,
  IconUserCircle,
} from '@tabler/icons-react'
import { Link, useLocation } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { useTranslation } from 'react-i18next'
import { alertCentre } from '@/features/alerts/AlertCentre'
import { useCounts } from '@/features/inbox/queries'
import { PersonMenu } from '@/features/people/PersonMenu'
import { importJob, useImportProgress } from '@/features/sources/import-store'
import { useWorkspace } from '@/features/workspace'
import css from './Rail.module.css'

type IconType = ComponentType<{ size?: number; stroke?: number; 'aria-hidden'?: boolean }>

export function Rail() {
  const { t } = useTranslation()
  const { actor } = useWorkspace()
  const counts = useCounts()
  const { pathname } = useLocation()
  const job = importJob.use()
  const progress = useImportProgress(job)
  const pressing = (counts.data?.overdue ?? 0) + (counts.data?.due1h ?? 0)
  const alerts = counts.data?.alerts ?? 0

  const entry = (
    to: '/inbox' | '/today' | '/report' | '/insights' | '/reviews' | '/sources' | '/settings',
    name: string,
    Icon: IconType,
    extra?: React.ReactNode,
  ) => (
    <Link
      to={to}
      search={to === '/inbox' ? { view: 'mine' } : {}}
      className={css.item}
      data-on={pathname.startsWith(to) || undefined}
      aria-current={pathname.startsWith(to) ? 'page' : undefined}
      data-testid={`nav-${name}`}
    >
      <Icon size={21} stroke={1.7} aria-hidden />
      <span className={css.label}>{t(`nav.${name}`)}</span>
      {extra}
    </Link>
  )

  return (
    <nav className={css.rail} aria-label={t('nav.label')} data-paper="off">
      <div className={css.logo} aria-hidden>
        挽
      </div>
      {entry(
        '/inbox',
        'inbox',
        IconInbox,
        pressing > 0 && (
          <span className={css.badge} title={t('nav.pressing', { count: pressing })}>
            {pressing > 99 ? '99+' : pressing}
            <span className="vh">{t('nav.pressing', { count: pressing })}</span>
          </span>
        ),
      )}
      {entry('/today', 'today', IconSun)}
      {entry('/report', 'report', IconChartBar)}
      {entry('/insights', 'insights', IconTrendingUp)}
      {entry('/reviews', 'reviews', IconMessages)}
      {entry(
        '/sources',
        'sources',
        IconDownload,
        progress?.state === 'running' && (
          <span className={css.share} style={{ '--share': progress.share ?? 0 } as React.CSSProperties}>
            <span className="vh">{t('import.running')}</span>
          </span>
        ),
      )}
      <div className={css.space} />
      <button type="button" className={css.item} data-testid="alert-center" onClick={() => alertCentre.set(true)}>
        <IconBell size={21} stroke={1.7} aria-hidden />
        <span className={css.label}>{t('nav.alerts')}</span>
        {alerts > 0 && (
          <span className={css.badge}>
            {alerts > 99 ? '99+' : alerts}
            <span className="vh">{t('nav.unseen', { count: alerts })}</span>
          </span>
        )}
      </button>
      {entry('/settings', 'settings', IconSettings)}
      <Menu position="right-end" width={220}>
        <Menu.Target>
          <Tooltip label={actor ? t('people.sitting', { name: actor.name }) : t('people.nobody')} position="right">
            <UnstyledButton
              className={css.person}
              data-nobody={!actor || undefined}
              data-testid="person-menu"
              aria-label={actor ? t('people.sitting', { name: actor.name }) : t('people.nobody')}
            >
              {actor ? <span aria-hidden>{[...actor.name].at(-1)}</span> : <IconUserCircle size={22} aria-hidden />}
            </UnstyledButton>
          </Tooltip>
        </Menu.Target>
        <PersonMenu />
      </Menu>
    </nav>
  )
}
