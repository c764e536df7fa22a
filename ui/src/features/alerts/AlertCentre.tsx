import { Button, Drawer } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconBellRinging, IconBellZ } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { noticeError } from '@/components/notice'
import { Empty, Failure, Waiting } from '@/components/states'
import { TierBadge } from '@/components/tier'
import i18n from '@/i18n'
import type { AlertView } from '@/ipc/bindings'
import { unwrap } from '@/ipc/errors'
import { core } from '@/ipc/platform'
import { keys } from '@/ipc/tags'
import { useNow } from '@/lib/now'
import { createStore } from '@/lib/store'
import { dayTime } from '@/lib/time'
import { useWorkspace } from '../workspace'
import css from './AlertCentre.module.css'

export const alertCentre = createStore(false)

/** An alert that the desktop could not show: the window shows it itself, until somebody closes it. */
export function showAlert(alert: AlertView, open: (ticketId: string) => void) {
  const id = `alert-${alert.id}`
  notifications.show({
    id,
    color: alert.tier === 'urgent' ? 'urgent' : 'orange',
    icon: <IconBellRinging size={18} aria-hidden />,
    title: alert.title,
    message: (
      <>
        <span className={css.toast}>{alert.body}</span>
        <Button
          size="compact-sm"
          variant="default"
          mt={6}
          onClick={() => {
            notifications.hide(id)
            open(alert.ticketId)
          }}
        >
          {i18n.t('alerts.handle')}
        </Button>
      </>
    ),
    autoClose: false,
    withBorder: true,
    role: 'alert',
  })
}

/** 提醒: the newest 200 alerts with what they said; a click opens the ticket. */
export function AlertCentre() {
  const { t } = useTranslation()
  const open = alertCentre.use()
  return (
    <Drawer
      opened={open}
      onClose={() => alertCentre.set(false)}
      position="right"
      size="min(26rem, 92vw)"
      title={t('alerts.title')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Alerts />
    </Drawer>
  )
}

function Alerts() {
  const { t, i18n } = useTranslation()
  const { zone } = useWorkspace()
  const now = useNow()
  const client = useQueryClient()
  const navigate = useNavigate()
  const list = useQuery({ queryKey: keys.alerts, queryFn: () => unwrap(core().alertList()) })
  const seen = useMutation({
    mutationFn: (ids: string[]) => unwrap(core().alertSeen(ids)),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.alerts })
      void client.invalidateQueries({ queryKey: keys.counts })
    },
    onError: noticeError,
  })
  if (list.error) return <Failure error={list.error} retry={() => void list.refetch()} />
  if (!list.data) return <Waiting />
  if (list.data.length === 0) {
    return <Empty icon={<IconBellZ aria-hidden />} title={t('alerts.none')} hint={t('alerts.noneHint')} />
  }
  const unseen = list.data.filter((alert) => !alert.seen).map((alert) => alert.id)
  return (
    <>
      {unseen.length > 0 && (
        <Button
          variant="subtle"
          size="compact-sm"
          mb="xs"
          loading={seen.isPending}
          onClick={() => seen.mutate(unseen)}
          data-testid="alerts-seen"
        >
          {t('alerts.markAll', { count: unseen.length })}
        </Button>
      )}
      <ul className={css.list}>
        {list.data.map((alert) => (
          <li key={alert.id}>
            <button
              type="button"
              className={css.alert}
              data-unseen={!alert.seen || undefined}
              data-testid="alert"
              data-ticket-id={alert.ticketId}
              onClick={() => {
                if (!alert.seen) seen.mutate([alert.id])
                alertCentre.set(false)
                void navigate({ to: '/inbox', search: { view: 'open', ticket: alert.ticketId } })
              }}
            >
              <span className={css.head}>
                <TierBadge tier={alert.tier} />
                <b>{alert.title}</b>
              </span>
              <span className={css.body}>{alert.body}</span>
              <span className={css.foot}>
                {dayTime(t, i18n.language, Date.parse(alert.at), now, zone)} · #{alert.number}
                {alert.failed && ` · ${t('alerts.notShown')}`}
                {!alert.seen && <span className="vh">{t('alerts.unseen')}</span>}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  )
}
