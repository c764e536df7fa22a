import { Button } from '@mantine/core'
import { IconBan, IconHourglass, IconRotateClockwise } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Action, TicketView } from '@/ipc/bindings'
import card from './card.module.css'
import css from './NextStep.module.css'

interface Props {
  ticket: TicketView
  advised: Action | undefined
  take: (action: Action) => void
  wait: () => void
}

const SHOWN: readonly Action[] = ['offer_solution', 'resolve', 'close', 'reopen']
const TEST_ID: Partial<Record<Action, string>> = {
  offer_solution: 'offer-solution',
  resolve: 'resolve',
  close: 'close',
  reopen: 'reopen',
}

/** What to do next, as the core advises, and the other steps it allows. */
export function NextStep({ ticket, advised, take, wait }: Props) {
  const { t } = useTranslation()
  const may = (action: Action) => ticket.actions.includes(action)
  return (
    <section className={`${card.card} ${css.next}`} aria-label={t('next.label')}>
      <p className={css.words}>
        <b>{t('next.label')}</b>
        {t([`next.${ticket.nextStep}`, 'next.other'])}
      </p>
      <div className={card.row}>
        {SHOWN.filter(may).map((action) => (
          <Button
            key={action}
            size="compact-sm"
            variant={action === advised ? 'light' : 'default'}
            leftSection={action === 'reopen' ? <IconRotateClockwise size={15} aria-hidden /> : undefined}
            data-testid={TEST_ID[action]}
            onClick={() => take(action)}
          >
            {t(`action.${action}`)}
          </Button>
        ))}
        {ticket.nextStatuses.includes('waiting_customer') && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconHourglass size={15} aria-hidden />}
            data-testid="wait"
            onClick={wait}
          >
            {t('action.wait')}
          </Button>
        )}
        <span className={card.space} />
        {may('dismiss') && (
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            leftSection={<IconBan size={15} aria-hidden />}
            data-testid="dismiss"
            onClick={() => take('dismiss')}
          >
            {t('action.dismiss')}
          </Button>
        )}
      </div>
    </section>
  )
}
