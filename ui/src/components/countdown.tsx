import { IconAlertTriangleFilled, IconCheck, IconClock, IconPlayerPause } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { SlaState } from '@/ipc/bindings'
import { useNow } from '@/lib/now'
import { type Deadline, looks } from '@/lib/sla'
import { duration } from '@/lib/time'
import css from './countdown.module.css'

const ICON = {
  calm: IconClock,
  warning: IconClock,
  critical: IconClock,
  overdue: IconAlertTriangleFilled,
  paused: IconPlayerPause,
  done: IconCheck,
}

/** The words of a deadline at `now`: what is left, by how much it is late, or that it stands still. */
export function useRemaining(clock: Deadline): { state: SlaState; words: string } {
  const { t } = useTranslation()
  const now = useNow()
  const state = looks(clock, now)
  const left = (Date.parse(clock.dueAt) - now) / 1000
  const words =
    state === 'paused'
      ? t('sla.pausedLeft', { time: duration(t, clock.remainingSecs) })
      : state === 'overdue'
        ? t('sla.late', { time: duration(t, -left) })
        : left < 1
          ? t('sla.dueNow')
          : t('sla.left', { time: duration(t, left) })
  return { state, words }
}

export function Countdown({ clock }: { clock: Deadline }) {
  const { state, words } = useRemaining(clock)
  const Icon = ICON[state]
  return (
    <span className={css.countdown} data-sla={state}>
      <Icon size={15} aria-hidden />
      {words}
    </span>
  )
}
