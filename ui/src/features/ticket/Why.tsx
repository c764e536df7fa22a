import { Popover, Table, UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { sentence } from '@/components/notice'
import { TierBadge } from '@/components/tier'
import type { ClockView, ClockWhy, WhyView } from '@/ipc/bindings'
import { useNow } from '@/lib/now'
import { dayTime, duration, target } from '@/lib/time'
import { useWorkspace } from '../workspace'
import { useWhy } from './queries'
import css from './Why.module.css'

interface Props {
  ticketId: string
  clock: ClockView
  name: string
}

/** 为什么是这个时间？ The sentence, every counted and paused interval, and what another tier would mean. */
export function Why({ ticketId, clock, name }: Props) {
  const { t, i18n } = useTranslation()
  const [open, setOpen] = useState(false)
  const query = { id: ticketId, metric: clock.metric, cycle: clock.cycle, subject: clock.subject }
  const why = useWhy(query, open)
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position="bottom-start"
      width="min(33rem, 92vw)"
      withArrow
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <UnstyledButton className={css.ask} aria-label={t('sla.whyOf', { name })} onClick={() => setOpen(!open)}>
          <span className={css.long}>{t('sla.why')}</span>
          <span className={css.short}>{t('sla.whyShort')}</span>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={css.why} aria-label={t('sla.whyOf', { name })}>
        <h3 className={css.question}>{t('sla.whyOf', { name })}</h3>
        {/* The core words the reckoning in Chinese; what follows says the same in every language. */}
        {i18n.language !== 'en' && <p className={css.sentence}>{clock.whyText}</p>}
        <Line parts={clock.why} />
        <Intervals parts={clock.why} targetSecs={clock.targetSecs} />
        {why.data && <WhatIf why={why.data} />}
        {why.data && <Facts why={why.data} />}
        {why.error && <p className={css.foot}>{sentence(why.error)}</p>}
      </Popover.Dropdown>
    </Popover>
  )
}

const length = (part: WhyView) => Math.max(0, Date.parse(part.to) - Date.parse(part.from)) / 1000

/** The whole stretch drawn to scale; the table below says the same. */
function Line({ parts }: { parts: WhyView[] }) {
  return (
    <div className={css.line} aria-hidden>
      {parts.map((part) => (
        <i
          key={`${part.from}-${part.reason}`}
          data-counted={part.counted || undefined}
          style={{ flexGrow: Math.max(1, length(part)) }}
        />
      ))}
    </div>
  )
}

function Intervals({ parts, targetSecs }: { parts: WhyView[]; targetSecs: number }) {
  const { t, i18n } = useTranslation()
  const { zone } = useWorkspace()
  const now = useNow()
  const at = (iso: string) => dayTime(t, i18n.language, Date.parse(iso), now, zone)
  return (
    <Table verticalSpacing={5} fz="sm" className={css.intervals}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('sla.from')}</Table.Th>
          <Table.Th>{t('sla.to')}</Table.Th>
          <Table.Th>{t('sla.what')}</Table.Th>
          <Table.Th ta="end">{t('sla.length')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {parts.map((part) => (
          <Table.Tr key={`${part.from}-${part.reason}`} data-counted={part.counted || undefined}>
            <Table.Td>{at(part.from)}</Table.Td>
            <Table.Td>{at(part.to)}</Table.Td>
            <Table.Td>
              {part.counted ? t('sla.counted') : t('sla.notCounted')}
              {' · '}
              {t([`sla.reason.${part.reason}`, 'sla.reason.other'])}
            </Table.Td>
            <Table.Td ta="end">{duration(t, length(part))}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
      <Table.Tfoot>
        <Table.Tr>
          <Table.Td colSpan={3}>{t('sla.promised')}</Table.Td>
          <Table.Td ta="end">{target(t, targetSecs)}</Table.Td>
        </Table.Tr>
      </Table.Tfoot>
    </Table>
  )
}

function WhatIf({ why }: { why: ClockWhy }) {
  const { t, i18n } = useTranslation()
  const { zone } = useWorkspace()
  const now = useNow()
  if (why.whatIf.length === 0) return null
  return (
    <dl className={css.whatIf} data-testid="what-if">
      {why.whatIf.map((other) => (
        <div key={other.tier}>
          <dt>
            {t('sla.ifTier')} <TierBadge tier={other.tier} />
          </dt>
          <dd data-late={other.state === 'breached' || undefined}>
            {other.dueAt === null
              ? t('sla.ifNone')
              : t('sla.before', { time: dayTime(t, i18n.language, Date.parse(other.dueAt), now, zone) })}
            {other.state === 'breached' && ` · ${t('sla.ifLate')}`}
            {other.grace && ` · ${t('sla.flag.grace')}`}
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** Which rules it was reckoned by, and what else people should know of it. */
function Facts({ why }: { why: ClockWhy }) {
  const { t, i18n } = useTranslation()
  const { zone } = useWorkspace()
  const now = useNow()
  const moved = why.originalDueAt !== why.clock.dueAt
  const facts = [
    t('sla.versions', { policy: why.policyVersion, calendar: why.calendarVersion }),
    t('sla.zone', { zone: why.zone }),
    moved && t('sla.originally', { time: dayTime(t, i18n.language, Date.parse(why.originalDueAt), now, zone) }),
    why.pausedSecs > 0 && t('sla.pausedFor', { time: duration(t, why.pausedSecs) }),
    ...why.flags.map((flag) => t([`sla.flag.${flag}`, 'sla.flag.other'])),
  ].filter(Boolean)
  return <p className={css.foot}>{facts.join(' · ')}</p>
}
