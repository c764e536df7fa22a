import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconBellRinging } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { noticeError } from '@/components/notice'
import i18n from '@/i18n'
import type { AlertView } from '@/ipc/bindings'
import { unwrap } from '@/ipc/errors'
import { core } from '@/ipc/platform'
import { keys } from '@/ipc/tags'
import css from './AlertCentre.module.css'

/** What 稍后 does where no other length of time is asked for, minutes. */
const LATER_MINUTES = 10

/** An alert that the desktop could not show: the window shows it itself, until somebody closes it. */
export function showAlert(alert: AlertView, open: (ticketId: string) => void) {
  const id = `alert-${alert.id}`
  notifications.show({
    id,
    color: alert.tier === 'urgent' ? 'urgent' : 'orange',
    icon: <IconBellRinging size={18} aria-hidden />,
    title: alert.title,
    message: <Body alert={alert} open={open} hide={() => notifications.hide(id)} />,
    autoClose: false,
    withBorder: true,
    closeButtonProps: { 'aria-label': i18n.t('common.close') },
    role: 'alert',
  })
}

/** The same two buttons as on the desktop: 处理 and 稍后. */
function Body({ alert, open, hide }: { alert: AlertView; open: (ticketId: string) => void; hide: () => void }) {
  const client = useQueryClient()
  const handle = () => {
    hide()
    open(alert.ticketId)
  }
  const later = async () => {
    hide()
    try {
      await unwrap(core().alertSnooze({ id: alert.id, minutes: LATER_MINUTES }))
      await client.invalidateQueries({ queryKey: keys.alerts })
    } catch (error) {
      noticeError(error)
    }
  }
  return (
    <>
      <span className={css.toast}>{alert.body}</span>
      <span className={css.toastButtons}>
        <Button size="compact-sm" onClick={handle} data-testid="shown-alert-open">
          {i18n.t('alerts.handle')}
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => void later()} data-testid="shown-alert-later">
          {i18n.t('alerts.laterTen')}
        </Button>
      </span>
    </>
  )
}
