import { Chip, Group, NumberInput, SegmentedControl, Switch, Table } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { LengthField } from '@/components/length-field'
import { notice, noticeError } from '@/components/notice'
import { Failure, Waiting } from '@/components/states'
import { TierBadge } from '@/components/tier'
import { TimeRange } from '@/components/time-range'
import type { Metric, PromiseRules, PromiseView, StartAt, TicketStatus, TierTargets } from '@/ipc/bindings'
import { useNow } from '@/lib/now'
import { dayTime, duration } from '@/lib/time'
import { Moves } from '../settings/Moves'
import { SaveBar } from '../settings/SaveBar'
import { Card, Field, Section } from '../settings/Section'
import { same, useEdit } from '../settings/use-edit'
import { TIERS } from '../words'
import { useWorkspace } from '../workspace'
import css from './Promise.module.css'
import { usePromise, usePromisePreview, useSavePromise } from './queries'

const TARGETS: { field: keyof TierTargets; metric: string; unset?: string }[] = [
  { field: 'firstResponse', metric: 'first_response' },
  { field: 'nextResponse', metric: 'next_response', unset: 'promised.asFirst' },
  { field: 'solution', metric: 'solution', unset: 'promised.unset' },
  { field: 'closure', metric: 'closure' },
]
const PAUSABLE: Metric[] = ['first_response', 'next_response', 'solution', 'closure']
const WAITS: TicketStatus[] = ['waiting_customer', 'disputed']

/** 时效承诺: what is promised to customers, and what a change would do before it is saved. */
export function PromiseSettings() {
  const promise = usePromise()
  if (promise.error) return <Failure error={promise.error} retry={() => void promise.refetch()} />
  if (!promise.data) return <Waiting />
  return <Form saved={promise.data} />
}

function Form({ saved }: { saved: PromiseView }) {
  const { t, i18n } = useTranslation()
  const { zone } = useWorkspace()
  const now = useNow()
  const edit = useEdit(saved, (view) => view.rules)
  const { value: rules, set: setRules, dirty } = edit
  const [applyToOpen, setApply] = useState(false)
  const [settled] = useDebouncedValue(rules, 300)
  const save = useSavePromise()
  const preview = usePromisePreview(dirty && !same(settled, saved.rules) ? settled : undefined)

  const change = (next: Partial<PromiseRules>) => setRules({ ...rules, ...next })
  const when = dayTime(t, i18n.language, Date.parse(saved.savedAt), now, zone)
  return (
    <Section
      name="promise"
      hint={
        saved.savedBy
          ? t('promised.savedBy', { version: saved.version, who: saved.savedBy, when })
          : t('promised.byDefault', { version: saved.version })
      }
    >
      <Card title={t('promised.targets')} hint={t('promised.targetsHint')}>
        <Targets rules={rules} change={change} />
        <div className={css.options}>
          <Field label={t('promised.start')} hint={t(`promised.startHint.${rules.start}`)}>
            {(id) => (
              <SegmentedControl
                aria-labelledby={id}
                value={rules.start}
                data={(['received', 'posted'] as const).map((one) => ({
                  value: one,
                  label: t(`promised.startAt.${one}`),
                }))}
                onChange={(start) => change({ start: start as StartAt })}
              />
            )}
          </Field>
        </div>
      </Card>
      <Card title={t('promised.pauses')} hint={t('promised.pausesHint')}>
        <Pauses rules={rules} change={change} />
      </Card>
      <Card title={t('promised.warnings')} hint={t('promised.warningsHint')}>
        <Warnings rules={rules} change={change} />
      </Card>
      <Card title={t('promised.followUp')} hint={t('promised.followUpHint')}>
        <FollowUp rules={rules} change={change} />
      </Card>
      {dirty && <Moves preview={preview.data} />}
      <SaveBar
        dirty={dirty}
        preview={settled === rules ? preview.data : undefined}
        error={preview.error ?? save.error}
        applyToOpen={applyToOpen}
        setApply={setApply}
        saving={save.isPending}
        newer={
          edit.newer && t('promised.newer', { who: saved.savedBy ?? t('save.somebody'), when, version: saved.version })
        }
        reload={edit.reload}
        keep={edit.keep}
        discard={() => {
          save.reset()
          setRules(saved.rules)
        }}
        save={() =>
          save.mutate(
            { rules, applyToOpen, madeFrom: edit.madeFrom.version },
            {
              onError: noticeError,
              onSuccess: (view) => {
                setRules(view.rules)
                notice(t('settings.saved'))
              },
            },
          )
        }
      />
    </Section>
  )
}

interface Editing {
  rules: PromiseRules
  change: (next: Partial<PromiseRules>) => void
}

function Targets({ rules, change }: Editing) {
  const { t } = useTranslation()
  return (
    <div className={css.scroll}>
      <Table verticalSpacing={8} className={css.targets}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('settings.tier')}</Table.Th>
            {TARGETS.map(({ metric }) => (
              <Table.Th key={metric}>{t(`metric.${metric}`)}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {TIERS.map((tier) => (
            <Table.Tr key={tier}>
              <Table.Td>
                <TierBadge tier={tier} />
              </Table.Td>
              {TARGETS.map(({ field, metric, unset }) => (
                <Table.Td key={metric}>
                  <LengthField
                    label={t('promised.targetOf', { tier: t(`tier.${tier}`), metric: t(`metric.${metric}`) })}
                    value={rules[tier][field]}
                    placeholder={unset && t(unset)}
                    testId={`target-${tier}-${metric}`}
                    change={(value) => change({ [tier]: { ...rules[tier], [field]: value } })}
                  />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}

function Pauses({ rules, change }: Editing) {
  const { t } = useTranslation()
  const of = (metric: string) => rules.pauses.find((pause) => pause.metric === metric)?.statuses ?? []
  const set = (metric: Metric, statuses: TicketStatus[]) =>
    change({
      pauses: [
        ...rules.pauses.filter((pause) => pause.metric !== metric),
        ...(statuses.length > 0 ? [{ metric, statuses }] : []),
      ],
    })
  return (
    <>
      {PAUSABLE.map((metric) => (
        <Field key={metric} label={t(`metric.${metric}`)}>
          {(id) => (
            <Chip.Group multiple value={of(metric)} onChange={(next) => set(metric, next as TicketStatus[])}>
              <Group gap={6} role="group" aria-labelledby={id}>
                {WAITS.map((status) => (
                  <Chip key={status} size="xs" value={status} data-testid={`pause-${metric}-${status}`}>
                    {t(`status.${status}`)}
                  </Chip>
                ))}
              </Group>
            </Chip.Group>
          )}
        </Field>
      ))}
      <Field label={t('promised.pauseCap')} hint={t('promised.pauseCapHint')}>
        {() => (
          <LengthField
            label={t('promised.pauseCap')}
            value={rules.pauseCapSecs}
            change={(value) => change({ pauseCapSecs: value ?? rules.pauseCapSecs })}
          />
        )}
      </Field>
    </>
  )
}

function Percent({
  label,
  value,
  max,
  change,
}: {
  label: string
  value: number
  max: number
  change: (value: number) => void
}) {
  return (
    <NumberInput
      size="sm"
      w="6rem"
      min={1}
      max={max}
      suffix=" %"
      allowDecimal={false}
      clampBehavior="blur"
      aria-label={label}
      value={value}
      onChange={(next) => next !== '' && change(Number(next))}
    />
  )
}

function Warnings({ rules, change }: Editing) {
  const { t } = useTranslation()
  const first = rules.urgent.firstResponse ?? 0
  const share = (percent: number) => duration(t, (first * percent) / 100)
  return (
    <>
      <Field label={t('promised.warnFirst')}>
        {() => (
          <Percent
            label={t('promised.warnFirst')}
            value={rules.warnFirst}
            max={98}
            change={(warnFirst) => change({ warnFirst })}
          />
        )}
      </Field>
      <Field label={t('promised.warnSecond')}>
        {() => (
          <Percent
            label={t('promised.warnSecond')}
            value={rules.warnSecond}
            max={99}
            change={(warnSecond) => change({ warnSecond })}
          />
        )}
      </Field>
      <Field label={t('promised.warnOverdue')} hint={t('promised.warnOverdueHint')}>
        {() => (
          <Percent
            label={t('promised.warnOverdue')}
            value={rules.warnOverdue}
            max={200}
            change={(warnOverdue) => change({ warnOverdue })}
          />
        )}
      </Field>
      <p className={css.example}>
        {t('promised.example', {
          target: duration(t, first),
          first: share(rules.warnFirst),
          second: share(rules.warnSecond),
          over: share(rules.warnOverdue),
        })}
      </p>
    </>
  )
}

function Days({
  label,
  value,
  max,
  change,
}: {
  label: string
  value: number
  max: number
  change: (value: number) => void
}) {
  return (
    <NumberInput
      size="sm"
      w="4.5rem"
      min={1}
      max={max}
      allowDecimal={false}
      clampBehavior="blur"
      aria-label={label}
      value={value}
      onChange={(next) => next !== '' && change(Number(next))}
    />
  )
}

function FollowUp({ rules, change }: Editing) {
  const { t } = useTranslation()
  return (
    <>
      <Field label={t('promised.followDays')}>
        {() => (
          <>
            {t('promised.day')}
            <Days
              label={t('promised.followFrom')}
              value={rules.followUpFromDay}
              max={60}
              change={(followUpFromDay) => change({ followUpFromDay })}
            />
            {t('promised.toDay')}
            <Days
              label={t('promised.followTo')}
              value={rules.followUpToDay}
              max={60}
              change={(followUpToDay) => change({ followUpToDay })}
            />
            {t('promised.dayEnd')}
          </>
        )}
      </Field>
      <Field label={t('promised.contactHours')} hint={t('promised.contactHoursHint')}>
        {() => (
          <TimeRange
            label={t('promised.contactHours')}
            from={rules.contactFrom}
            to={rules.contactTo}
            change={(contactFrom, contactTo) => change({ contactFrom, contactTo })}
          />
        )}
      </Field>
      <Field label={t('promised.respectHolidays')} hint={t('promised.respectHolidaysHint')}>
        {(id) => (
          <Switch
            aria-labelledby={id}
            checked={rules.respectHolidays}
            onChange={(event) => change({ respectHolidays: event.currentTarget.checked })}
          />
        )}
      </Field>
      <Field label={t('promised.reopenDays')} hint={t('promised.reopenDaysHint')}>
        {() => (
          <>
            <Days
              label={t('promised.reopenDays')}
              value={rules.reopenDays}
              max={365}
              change={(reopenDays) => change({ reopenDays })}
            />
            {t('promised.days')}
          </>
        )}
      </Field>
    </>
  )
}
