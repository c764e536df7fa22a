import { Button, Menu } from '@mantine/core'
import { IconClockPause } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { noticeError } from '@/components/notice'
import { useNow } from '@/lib/now'
import { duration, shortTime } from '@/lib/time'
import { useAlerts, useSnooze } from '../alerts/queries'
import { SNOOZES } from '../alerts/snoozes'
import { useWorkspace } from '../workspace'
import css from './TicketHeader.module.css'

/** 稍后提醒: puts off the newest alert of this ticket; its deadline goes on. Without one there is nothing to put off. */
export function SnoozeMenu({ ticketId }: { ticketId: string }) {
  const { t, i18n } = useTranslation()
  const { zone } = useWorkspace()
  const now = useNow()
  const alerts = useAlerts()
  const snooze = useSnooze()
  const alert = alerts.data?.find((one) => one.ticketId === ticketId && !one.acknowledged)
  if (!alert) return null
  const again = alert.snoozedUntil ? Date.parse(alert.snoozedUntil) : 0
  const words =
    again > now ? t('ticket.snoozed', { time: shortTime(t, i18n.language, again, now, zone) }) : t('ticket.snooze')
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-md"
          className={css.snooze}
          title={words}
          data-part="snooze"
          data-testid="ticket-snooze"
        >
          <IconClockPause size={16} aria-hidden />
          <span className={css.snoozeWords}>{words}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('alerts.laterHint')}</Menu.Label>
        {SNOOZES.map((minutes) => (
          <Menu.Item key={minutes} onClick={() => snooze.mutate({ id: alert.id, minutes }, { onError: noticeError })}>
            {t('alerts.laterBy', { time: duration(t, minutes * 60) })}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
