import { IconBan, IconCheck, IconGavel, IconHourglass } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { TicketStatus, TicketView } from '@/ipc/bindings'
import css from './Loop.module.css'

/** The loop as drawn; waiting for the customer is a side step of 沟通. */
const STEPS: TicketStatus[] = [
  'received',
  'verifying',
  'planning',
  'communicating',
  'resolved',
  'closed',
  'following_up',
]

const ASIDE: Partial<Record<TicketStatus, typeof IconBan>> = {
  waiting_customer: IconHourglass,
  disputed: IconGavel,
  dismissed: IconBan,
}

export function Loop({ ticket, move }: { ticket: TicketView; move: (status: TicketStatus) => void }) {
  const { t } = useTranslation()
  const { status, nextStatuses } = ticket
  const at =
    status === 'done'
      ? STEPS.length
      : status === 'waiting_customer' || status === 'disputed'
        ? 3
        : STEPS.indexOf(status)
  const Aside = ASIDE[status]
  return (
    <div className={css.loop}>
      <ol className={css.steps} aria-label={t('loop.label')}>
        {STEPS.map((step, index) => {
          const state = at < 0 ? 'off' : index < at ? 'past' : index === at ? 'now' : 'ahead'
          const mark = (
            <>
              <i className={css.dot} aria-hidden>
                {state === 'past' && <IconCheck size={11} stroke={3} />}
              </i>
              {t(`status.${step}`)}
            </>
          )
          return (
            <li key={step} className={css.step} data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
              {nextStatuses.includes(step) ? (
                <button
                  type="button"
                  className={css.move}
                  title={t('loop.moveTo', { status: t(`status.${step}`) })}
                  onClick={() => move(step)}
                  data-testid={`step-${step}`}
                >
                  {mark}
                </button>
              ) : (
                <span className={css.still}>{mark}</span>
              )}
            </li>
          )
        })}
      </ol>
      {Aside && (
        <span className={css.aside}>
          <Aside size={14} aria-hidden />
          {t(`status.${status}`)}
        </span>
      )}
    </div>
  )
}
