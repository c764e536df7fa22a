import { IconAlertTriangleFilled, IconCheck, IconClock, IconPlayerPause, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useRemaining } from '@/components/countdown'
import type { ClockView } from '@/ipc/bindings'
import { useNow } from '@/lib/now'
import { dayTime, duration, shortTime, target } from '@/lib/time'
import { useWorkspace } from '../workspace'
import css from './Clocks.module.css'
import { Why } from './Why'

/** The promises of this ticket, each with what is left, its hour, and why that hour. */
export function Clocks({ ticketId, clocks }: { ticketId: string; clocks: ClockView[] }) {
  const cycle = Math.max(1, ...clocks.map((clock) => clock.cycle))
  const shown = clocks.filter((clock) => clock.cycle === cycle)
  return (
    <div className={css.clocks}>
      {shown.map((clock) => (
        <Clock key={`${clock.metric}-${clock.startAt}`} ticketId={ticketId} clock={clock} />
      ))}
    </div>
  )
}

function Clock({ ticketId, clock }: { ticketId: string; clock: ClockView }) {
  const { t, i18n } = useTranslation()
  const { zone } = useWorkspace()
  const now = useNow()
  const running = useRemaining(clock)
  const due = Date.parse(clock.dueAt)
  const kept = clock.fulfilledAt ? Date.parse(clock.fulfilledAt) : null

  let look: string = running.state
  let words = running.words
  let Icon =
    running.state === 'overdue' ? IconAlertTriangleFilled : running.state === 'paused' ? IconPlayerPause : IconClock
  if (clock.state === 'cancelled') {
    look = 'cancelled'
    words = t('sla.cancelled')
    Icon = IconX
  } else if (kept !== null) {
    look = clock.state === 'breached' ? 'late' : 'met'
    words = look === 'late' ? t('sla.keptLate', { time: duration(t, (kept - due) / 1000) }) : t('sla.kept')
    Icon = look === 'late' ? IconAlertTriangleFilled : IconCheck
  } else if (clock.state === 'met') {
    look = 'met'
    words = t('sla.kept')
    Icon = IconCheck
  }
  const counting = kept === null && (clock.state === 'running' || clock.state === 'breached')
  const spent =
    kept !== null || clock.state === 'cancelled' || clock.state === 'met'
      ? 1
      : clock.state === 'paused'
        ? 1 - clock.remainingSecs / Math.max(1, clock.targetSecs)
        : (now - Date.parse(clock.startAt)) / Math.max(1, due - Date.parse(clock.startAt))
  const name = t([`metric.${clock.metric}`, 'metric.other'])

  return (
    <section
      className={css.clock}
      aria-label={name}
      data-look={look}
      data-testid={`clock-${clock.metric}`}
      data-state={clock.state}
      data-due={clock.dueAt}
      data-target-secs={clock.targetSecs}
      data-sla={running.state}
    >
      <span className={css.name}>{name}</span>
      <span className={css.left}>
        <Icon size={14} aria-hidden />
        {words}
      </span>
      <span className={css.when}>
        {kept !== null
          ? t('sla.at', { time: dayTime(t, i18n.language, kept, now, zone) })
          : clock.state === 'paused'
            ? t('sla.standing')
            : t('sla.before', { time: shortTime(t, i18n.language, due, now, zone) })}
        <span className={css.target}>
          {' · '}
          {t('sla.target', { time: target(t, clock.targetSecs) })}
        </span>
      </span>
      <Why ticketId={ticketId} clock={clock} name={name} />
      <div className={css.bar} aria-hidden>
        <i
          style={{ width: `${Math.round(Math.min(1, Math.max(0, spent)) * 100)}%` }}
          data-idle={!counting || undefined}
        />
      </div>
    </section>
  )
}
