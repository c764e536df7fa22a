import { IconFileImport } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { Outlet, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AlertCentre } from '@/features/alerts/AlertCentre'
import { CloseExplanation } from '@/features/alerts/CloseExplanation'
import { showAlert } from '@/features/alerts/ShownAlert'
import { PersonDialog } from '@/features/people/PersonDialog'
import { prepareReport } from '@/features/report/queries'
import { ImportWatch } from '@/features/sources/ImportWatch'
import { takeFile } from '@/features/sources/import-store'
import { UndoBar } from '@/features/ticket/UndoBar'
import { platform } from '@/ipc/platform'
import { invalidate } from '@/ipc/tags'
import { useKeys } from '@/lib/keyboard'
import { playSound } from '@/lib/sound'
import { KeyList, keyList } from './KeyList'
import { Palette } from './Palette'
import { Rail } from './Rail'
import css from './Shell.module.css'

/** The first screen comes first. */
const PREPARE_AFTER_MS = 1_500

/** The frame around every screen: the rail, what the desktop says, and what floats above. */
export function Shell() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const client = useQueryClient()
  const [hovering, setHovering] = useState(false)

  useEffect(() => {
    const { listen } = platform()
    const openTicket = (ticket: string) => void navigate({ to: '/inbox', search: { view: 'open', ticket } })
    const stops = [
      listen('changed', ({ tags }) => invalidate(client, tags)),
      listen('openTicket', ({ ticketId }) => openTicket(ticketId)),
      listen('openReport', ({ id }) => void navigate({ to: '/report', search: { archived: id } })),
      listen('dragHover', ({ over }) => setHovering(over)),
      listen('filesDropped', ({ files }) => {
        setHovering(false)
        const [file] = files
        if (!file) return
        takeFile(file)
        void navigate({ to: '/sources' })
      }),
      listen('alertRaised', ({ alert }) => showAlert(alert, openTicket)),
      listen('soundPlay', ({ sound }) => playSound(sound.sound, sound.volume)),
    ]
    return () => {
      for (const stop of stops) stop()
    }
  }, [client, navigate])

  useEffect(() => {
    const later = setTimeout(() => void prepareReport(client), PREPARE_AFTER_MS)
    return () => clearTimeout(later)
  }, [client])

  useKeys({
    inbox: () => void navigate({ to: '/inbox', search: { view: 'mine' } }),
    today: () => void navigate({ to: '/today' }),
    report: () => void navigate({ to: '/report' }),
    insights: () => void navigate({ to: '/insights' }),
    reviews: () => void navigate({ to: '/reviews' }),
    sources: () => void navigate({ to: '/sources' }),
    settings: () => void navigate({ to: '/settings/general' }),
    list: () => keyList.set(true),
  })

  return (
    <div className={css.app} data-paper="page">
      <button
        type="button"
        className={css.skip}
        data-paper="off"
        onClick={() => document.getElementById('main')?.focus()}
      >
        {t('common.skipToMain')}
      </button>
      <Rail />
      <main id="main" tabIndex={-1} className={css.main}>
        <Outlet />
      </main>
      <UndoBar />
      <ImportWatch />
      <AlertCentre />
      <PersonDialog />
      <CloseExplanation />
      <KeyList />
      <Palette />
      {hovering && (
        <div className={css.drop} data-testid="drop-hint">
          <IconFileImport size={44} aria-hidden />
          <strong>{t('import.dropHere')}</strong>
          <span>{t('import.dropKinds')}</span>
        </div>
      )}
    </div>
  )
}
