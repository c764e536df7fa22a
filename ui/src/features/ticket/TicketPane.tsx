import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Failure, Waiting } from '@/components/states'
import type { Action } from '@/ipc/bindings'
import { useKeys } from '@/lib/keyboard'
import { Composer } from './Composer'
import { CorrectDialog } from './CorrectDialog'
import { Facts } from './Facts'
import { focusOn } from './focus'
import { NextStep } from './NextStep'
import { NoteBox } from './NoteBox'
import { useTicket } from './queries'
import { ReviewCard } from './ReviewCard'
import { type Step, StepDialog } from './StepDialog'
import { TicketHeader } from './TicketHeader'
import css from './TicketPane.module.css'
import { Trail } from './Trail'

const STEPS: readonly Action[] = ['close', 'resolve', 'offer_solution']

/** 工单: what happened, what is promised, what do I say? */
export function TicketPane({ id, back }: { id: string; back?: (() => void) | undefined }) {
  const { t } = useTranslation()
  const { data: ticket, error, refetch } = useTicket(id)
  const [step, setStep] = useState<Step | null>(null)
  const [correcting, setCorrecting] = useState(false)
  const scroller = useRef<HTMLDivElement>(null)

  const may = (action: Action) => ticket?.actions.includes(action) ?? false
  const take = (action: Action) => {
    if (action === 'reply') focusOn('composer')
    else if (action === 'correct') setCorrecting(true)
    else if (
      action === 'offer_solution' ||
      action === 'resolve' ||
      action === 'close' ||
      action === 'dismiss' ||
      action === 'reopen'
    ) {
      setStep({ kind: action })
    }
  }
  const advised = ticket?.actions.find((action) => action === ticket.nextStep)

  useKeys({
    ...(may('reply') && { reply: () => focusOn('composer') }),
    ...(may('note') && { note: () => focusOn('note') }),
    ...(may('assign') && { assign: () => focusOn('assign') }),
    ...(may('tier') && { tier: () => focusOn('tier') }),
    ...(ticket && {
      snooze: () => focusOn('snooze'),
      done: () => {
        const next = advised ?? STEPS.find(may)
        if (next) take(next)
      },
    }),
  })

  if (!ticket) return error ? <Failure error={error} retry={() => void refetch()} /> : <Waiting />

  return (
    <article
      className={css.pane}
      aria-label={t('ticket.label', { number: ticket.number })}
      tabIndex={-1}
      data-part="ticket"
      data-testid="ticket"
      data-ticket-id={ticket.id}
    >
      <TicketHeader ticket={ticket} back={back} move={(status) => setStep({ kind: 'status', status })} />
      <div className={css.body} ref={scroller}>
        <div className={css.work}>
          <ReviewCard ticket={ticket} correct={may('correct') ? () => setCorrecting(true) : undefined} />
          <NextStep
            ticket={ticket}
            advised={advised}
            take={take}
            wait={() => setStep({ kind: 'status', status: 'waiting_customer' })}
          />
          {may('reply') && <Composer ticket={ticket} />}
          {may('note') && <NoteBox ticket={ticket} />}
        </div>
        <aside className={css.aside} aria-label={t('ticket.aside')}>
          <Facts ticket={ticket} />
          <Trail activities={ticket.activities} />
        </aside>
      </div>
      <StepDialog ticket={ticket} step={step} close={() => setStep(null)} />
      {correcting && <CorrectDialog ticket={ticket} close={() => setCorrecting(false)} />}
    </article>
  )
}
