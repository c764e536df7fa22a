import { Alert, Button, Drawer, Menu, SegmentedControl } from '@mantine/core'
import { IconAlertTriangle, IconBellZ, IconCheck, IconClockPause } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { noticeError } from '@/components/notice'
import { Empty, Failure, Waiting } from '@/components/states'
import { TierBadge } from '@/components/tier'
import type { AlertView } from '@/ipc/bindings'
import { useNow } from '@/lib/now'
import { createStore } from '@/lib/store'
import { dayOnly, dayTime, duration, shortTime } from '@/lib/time'
import { useWorkspace } from '../workspace'
import css from './AlertCentre.module.css'
import { useAcknowledge, useAlerts, useSeeAlerts, useSnooze } from './queries'
import { SNOOZES } from './snoozes'

export const alertCentre = createStore(false)

/** 提醒: the newest 200 alerts with what they said and what became of them; a click opens the ticket. */
export function AlertCentre() {
  const { t } = useTranslation()
  const open = alertCentre.use()
  return (
    <Drawer
      opened={open}
      onClose={() => alertCentre.set(false)}
      position="right"
      size="min(27rem, 92vw)"
      title={t('alerts.title')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Undelivered />
      <Alerts />
    </Drawer>
  )
}

/** The desktop shows no notifications: said plainly where people look for alerts. */
function Undelivered() {
  const { t } = useTranslation()
  const { notifications } = useWorkspace()
  if (notifications !== 'missing' && notifications !== 'not_seen') return null
  return (
    <Alert
      color="orange"
      variant="light"
      icon={<IconAlertTriangle size={17} aria-hidden />}
      title={t(`notification.${notifications}`)}
      mb="sm"
    >
      {t(`notification.${notifications}_hint`)}
    </Alert>
  )
}

function Alerts() {
  const { t, i18n } = useTranslation()
  const { zone } = useWorkspace()
  const now = useNow()
  const list = useAlerts()
  const see = useSeeAlerts()
  const [only, setOnly] = useState<'all' | 'unseen'>('all')
  if (list.error) return <Failure error={list.error} retry={() => void list.refetch()} />
  if (!list.data) return <Waiting />
  if (list.data.length === 0) {
    return <Empty icon={<IconBellZ aria-hidden />} title={t('alerts.none')} hint={t('alerts.noneHint')} />
  }
  const unseen = list.data.filter((alert) => !alert.seen)
  const shown = only === 'unseen' ? unseen : list.data
  const days = new Map<string, AlertView[]>()
  for (const alert of shown) {
    const day = dayOnly(t, i18n.language, Date.parse(alert.at), now, zone)
    days.set(day, [...(days.get(day) ?? []), alert])
  }
  return (
    <>
      <div className={css.bar}>
        <SegmentedControl
          size="xs"
          aria-label={t('alerts.which')}
          value={only}
          onChange={(value) => setOnly(value as 'all' | 'unseen')}
          data={[
            { value: 'all', label: t('alerts.all') },
            { value: 'unseen', label: t('alerts.unseenCount', { count: unseen.length }) },
          ]}
        />
        {unseen.length > 0 && (
          <Button
            variant="subtle"
            size="compact-sm"
            loading={see.isPending}
            onClick={() =>
              see.mutate(
                unseen.map((alert) => alert.id),
                { onError: noticeError },
              )
            }
            data-testid="alerts-seen"
          >
            {t('alerts.markAll')}
          </Button>
        )}
      </div>
      {shown.length === 0 && <p className={css.foot}>{t('alerts.allSeen')}</p>}
      {[...days].map(([day, alerts]) => (
        <section key={day} aria-label={day}>
          <h3 className={css.day}>{day}</h3>
          <ul className={css.list}>
            {alerts.map((alert) => (
              <Entry key={alert.id} alert={alert} />
            ))}
          </ul>
        </section>
      ))}
    </>
  )
}

/** What became of an alert, in one word: the person's doing first, then the desk's. */
function useFate(alert: AlertView): string | null {
  const { t, i18n } = useTranslation()
  const { zone } = useWorkspace()
  const now = useNow()
  if (alert.acknowledged) return t('alerts.state.acknowledged')
  const again = alert.snoozedUntil ? Date.parse(alert.snoozedUntil) : 0
  if (again > now) return t('alerts.state.snoozed', { time: shortTime(t, i18n.language, again, now, zone) })
  return alert.state ? t(`alerts.state.${alert.state}`) : null
}

function Entry({ alert }: { alert: AlertView }) {
  const { t, i18n } = useTranslation()
  const { zone } = useWorkspace()
  const now = useNow()
  const navigate = useNavigate()
  const see = useSeeAlerts()
  const acknowledge = useAcknowledge()
  const snooze = useSnooze()
  const fate = useFate(alert)
  const open = () => {
    if (!alert.seen) see.mutate([alert.id])
    alertCentre.set(false)
    void navigate({ to: '/inbox', search: { view: 'open', ticket: alert.ticketId } })
  }
  return (
    <li className={css.alert} data-unseen={!alert.seen || undefined}>
      <button type="button" className={css.open} data-testid="alert" data-ticket-id={alert.ticketId} onClick={open}>
        <span className={css.head}>
          <TierBadge tier={alert.tier} />
          <b>{alert.title}</b>
        </span>
        <span className={css.body}>{alert.body}</span>
        <span className={css.foot}>
          {[
            dayTime(t, i18n.language, Date.parse(alert.at), now, zone),
            `#${alert.number}`,
            alert.recipient && t('alerts.for', { who: alert.recipient }),
          ]
            .filter(Boolean)
            .join(' · ')}
          {!alert.seen && <span className="vh">{t('alerts.unseen')}</span>}
        </span>
      </button>
      <div className={css.actions}>
        {fate && (
          <span className={css.fate} data-state={alert.state}>
            {fate}
          </span>
        )}
        <span className={css.space} />
        {!alert.acknowledged && (
          <>
            <Menu position="bottom-end">
              <Menu.Target>
                <Button
                  variant="subtle"
                  size="compact-sm"
                  leftSection={<IconClockPause size={15} aria-hidden />}
                  data-testid="alert-snooze"
                >
                  {t('alerts.later')}
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Label>{t('alerts.laterHint')}</Menu.Label>
                {SNOOZES.map((minutes) => (
                  <Menu.Item
                    key={minutes}
                    onClick={() => snooze.mutate({ id: alert.id, minutes }, { onError: noticeError })}
                  >
                    {t('alerts.laterBy', { time: duration(t, minutes * 60) })}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
            <Button
              variant="subtle"
              size="compact-sm"
              leftSection={<IconCheck size={15} aria-hidden />}
              title={t('alerts.acknowledgeHint')}
              data-testid="alert-acknowledge"
              onClick={() => acknowledge.mutate([alert.id], { onError: noticeError })}
            >
              {t('alerts.acknowledge')}
            </Button>
          </>
        )}
      </div>
    </li>
  )
}
