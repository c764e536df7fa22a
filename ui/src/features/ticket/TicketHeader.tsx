import { ActionIcon, Button, Menu } from '@mantine/core'
import { IconArrowBackUp, IconArrowLeft, IconCheck, IconChevronDown, IconUser, IconUserOff } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Copyable } from '@/components/copyable'
import { noticeError } from '@/components/notice'
import { TierBadge } from '@/components/tier'
import type { TicketStatus, TicketView, Tier } from '@/ipc/bindings'
import { target } from '@/lib/time'
import { usePromise } from '../promise/queries'
import { TIERS } from '../words'
import { useWorkspace } from '../workspace'
import { Clocks } from './Clocks'
import { Loop } from './Loop'
import { useTakeBack, useTicketChange } from './mutations'
import { SnoozeMenu } from './SnoozeMenu'
import css from './TicketHeader.module.css'

interface Props {
  ticket: TicketView
  back: (() => void) | undefined
  move: (status: TicketStatus) => void
}

export function TicketHeader({ ticket, back, move }: Props) {
  const { t } = useTranslation()
  const { review } = ticket
  const title = [t(`channel.${review.channel}`), review.shop, review.product].filter(Boolean).join(' · ')
  return (
    <header className={css.header}>
      <div className={css.line}>
        {back && (
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('ticket.back')}
            onClick={back}
            data-testid="ticket-back"
          >
            <IconArrowLeft size={18} aria-hidden />
          </ActionIcon>
        )}
        <TierMenu ticket={ticket} />
        <h2 className={css.title} title={title}>
          {title}
        </h2>
        <span className={css.number}>
          <Copyable value={ticket.number} label={t('ticket.number')}>
            #{ticket.number}
          </Copyable>
        </span>
        {ticket.sample && <span className={css.sample}>{t('ticket.sample')}</span>}
        <span className={css.space} />
        <SnoozeMenu ticketId={ticket.id} />
        <OwnerMenu ticket={ticket} />
      </div>
      <Clocks ticketId={ticket.id} clocks={ticket.clocks} />
      <Loop ticket={ticket} move={move} />
    </header>
  )
}

function TierMenu({ ticket }: { ticket: TicketView }) {
  const { t } = useTranslation()
  const correct = useTicketChange('ticketCorrect')
  const promise = usePromise()
  const { tier } = ticket.tier
  /** What the tier promises, by the rules in force. */
  const promised = (other: Tier) => {
    const targets = promise.data?.rules[other]
    return [
      targets?.firstResponse && t('tier.answerIn', { time: target(t, targets.firstResponse) }),
      targets?.solution && t('tier.solveIn', { time: target(t, targets.solution) }),
    ]
      .filter(Boolean)
      .join(t('common.listJoin'))
  }
  if (!ticket.actions.includes('tier')) return <TierBadge tier={tier} />
  return (
    <Menu position="bottom-start" width={300}>
      <Menu.Target>
        <button
          type="button"
          className={css.tier}
          data-part="tier"
          data-testid="tier-select"
          data-tier={tier}
          aria-label={t('ticket.changeTier', { tier: t(`tier.${tier}`) })}
        >
          <TierBadge tier={tier} />
          <IconChevronDown size={13} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('ticket.tierHint')}</Menu.Label>
        {TIERS.map((other) => (
          <Menu.Item
            key={other}
            data-testid={`tier-${other}`}
            leftSection={<TierBadge tier={other} />}
            rightSection={other === tier ? <IconCheck size={15} aria-label={t('common.current')} /> : undefined}
            disabled={other === tier}
            onClick={() =>
              correct.mutate(
                {
                  ticket: { id: ticket.id, version: ticket.version },
                  tier: other,
                  causes: null,
                  severity: null,
                  sentiment: null,
                  reason: null,
                },
                { onError: noticeError },
              )
            }
          >
            {promised(other)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function OwnerMenu({ ticket }: { ticket: TicketView }) {
  const { t } = useTranslation()
  const { people, actor } = useWorkspace()
  const assign = useTicketChange('ticketAssign')
  const give = (personId: string | null) =>
    assign.mutate({ ticket: { id: ticket.id, version: ticket.version }, personId }, { onError: noticeError })
  const takeBack = useTakeBack()
  const { owner } = ticket
  const somebodyElses = owner !== null && owner.id !== actor?.id
  const name = owner ? t('ticket.owner', { name: owner.name }) : t('ticket.nobody')
  if (!ticket.actions.includes('assign')) return <span className={css.owner}>{name}</span>
  return (
    <Menu position="bottom-end" width={210}>
      <Menu.Target>
        <Button
          variant="default"
          size="compact-md"
          data-part="assign"
          data-testid="assign"
          title={name}
          leftSection={<IconUser size={15} aria-hidden />}
          rightSection={<IconChevronDown size={14} aria-hidden />}
        >
          <span className={css.ownerName}>{name}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('ticket.giveTo')}</Menu.Label>
        {people.length === 0 && <Menu.Label>{t('ticket.noPeople')}</Menu.Label>}
        {people.map((person) => (
          <Menu.Item
            key={person.id}
            disabled={person.id === owner?.id}
            rightSection={
              person.id === owner?.id ? <IconCheck size={15} aria-label={t('common.current')} /> : undefined
            }
            onClick={() => give(person.id)}
          >
            {person.id === actor?.id ? t('ticket.me', { name: person.name }) : person.name}
          </Menu.Item>
        ))}
        {somebodyElses && (
          <Menu.Item
            leftSection={<IconArrowBackUp size={15} aria-hidden />}
            data-testid="take-back"
            onClick={() => takeBack.mutate(ticket.id, { onError: noticeError })}
          >
            {t('ticket.takeBack')}
          </Menu.Item>
        )}
        {owner && !somebodyElses && (
          <Menu.Item leftSection={<IconUserOff size={15} aria-hidden />} onClick={() => give(null)}>
            {t('ticket.giveBack')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
