import { Alert, Button, Checkbox, Chip, Group, MultiSelect, Select, Slider, Switch, Table } from '@mantine/core'
import { IconMoonStars, IconPlayerPlay } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Copyable } from '@/components/copyable'
import { noticeError } from '@/components/notice'
import { Failure, Waiting } from '@/components/states'
import { TierBadge } from '@/components/tier'
import { TimeRange } from '@/components/time-range'
import type { AlertRulesView, LevelChoice, PersonAlerts, Recipient, SoundName, Tier } from '@/ipc/bindings'
import { useNow } from '@/lib/now'
import { playSound } from '@/lib/sound'
import { shortTime, target } from '@/lib/time'
import { NotificationTest } from '../onboarding/Welcome'
import { Card, Field, Section } from '../settings/Section'
import { TIERS } from '../words'
import { useWorkspace } from '../workspace'
import css from './AlertSettings.module.css'
import { LEVELS, SOUNDS } from './levels'
import { type RulesChange, useAlertRules, useMeeting, useSaveAlertRules } from './queries'

const RECIPIENTS: Recipient[] = ['assignee', 'approver', 'on_call', 'supervisor', 'manager']
const REPEATS = [0, 60, 120, 300, 600]
const TAKE_BACKS = [0, 600, 900, 1800, 3600, 7200]
const MEETINGS = [30, 60, 120]
const NIGHT = { from: '22:00', to: '08:00' }

/** 提醒: what rings at this desk and how, when it stays quiet, and whom each level reaches. */
export function AlertSettings() {
  const { t } = useTranslation()
  const rules = useAlertRules()
  const save = useSaveAlertRules()
  if (rules.error) return <Failure error={rules.error} retry={() => void rules.refetch()} />
  if (!rules.data) return <Waiting />
  const change = (next: RulesChange) => save.mutate(next, { onError: noticeError })
  return (
    <Section name="alerts">
      <Card title={t('alerting.test')}>
        <NotificationTest />
      </Card>
      <Mine rules={rules.data} change={change} />
      <Card title={t('alerting.everybody')} hint={t('alerting.everybodyHint')}>
        <Field label={t('alerting.repeat')} hint={t('alerting.repeatHint')}>
          {(id) => (
            <Lengths
              id={id}
              value={rules.data.repeatUrgentSecs}
              choices={REPEATS}
              none={t('alerting.never')}
              change={(repeatUrgentSecs) => change(() => ({ repeatUrgentSecs }))}
            />
          )}
        </Field>
        <Field label={t('alerting.takeBack')} hint={t('alerting.takeBackHint')}>
          {(id) => (
            <Lengths
              id={id}
              value={rules.data.takeBackSecs ?? 0}
              choices={TAKE_BACKS}
              none={t('alerting.noTakeBack')}
              change={(takeBackSecs) => change(() => ({ takeBackSecs }))}
            />
          )}
        </Field>
      </Card>
      <Ladder rules={rules.data} change={change} />
      <Asleep rules={rules.data} change={change} />
    </Section>
  )
}

interface Editing {
  rules: AlertRulesView
  change: (next: RulesChange) => void
}

/** A length of time out of a few; one that was set elsewhere stays among them. */
function Lengths({
  id,
  value,
  choices,
  none,
  change,
}: {
  id: string
  value: number
  choices: number[]
  none: string
  change: (value: number) => void
}) {
  const { t } = useTranslation()
  const all = [...new Set([...choices, value])].sort((a, b) => a - b)
  return (
    <Select
      w={180}
      aria-labelledby={id}
      data={all.map((secs) => ({ value: String(secs), label: secs === 0 ? none : target(t, secs) }))}
      value={String(value)}
      allowDeselect={false}
      onChange={(next) => next !== null && change(Number(next))}
    />
  )
}

function Mine({ rules, change }: Editing) {
  const { t, i18n } = useTranslation()
  const { zone } = useWorkspace()
  const now = useNow()
  const meeting = useMeeting()
  const { mine } = rules
  const set = (next: Partial<PersonAlerts>) => change((now) => ({ mine: { ...now.mine, ...next } }))
  const until = mine.meetingUntil ? Date.parse(mine.meetingUntil) : null
  const inMeeting = until !== null && until > now
  return (
    <Card title={t('alerting.mine')} hint={t('alerting.mineHint')}>
      <div className={css.scroll}>
        <Table verticalSpacing={6} className={css.levels}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('alerting.when')}</Table.Th>
              <Table.Th>{t('alerting.popUp')}</Table.Th>
              <Table.Th>{t('alerting.sound')}</Table.Th>
              <Table.Th>{t('alerting.volume')}</Table.Th>
              <Table.Th>
                <span className="vh">{t('alerting.listen')}</span>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {LEVELS.flatMap((level) => mine.levels.find((one) => one.level === level) ?? []).map((choice) => (
              <Level
                key={choice.level}
                choice={choice}
                change={(next) =>
                  change((now) => ({
                    mine: {
                      ...now.mine,
                      levels: now.mine.levels.map((one) => (one.level === next.level ? next : one)),
                    },
                  }))
                }
              />
            ))}
          </Table.Tbody>
        </Table>
      </div>
      <Field label={t('alerting.tiers')} hint={t('alerting.tiersHint')}>
        {(id) => (
          <Chip.Group multiple value={mine.tiers} onChange={(tiers) => set({ tiers: tiers as Tier[] })}>
            <Group gap={6} role="group" aria-labelledby={id}>
              {TIERS.map((tier) => (
                <Chip key={tier} size="xs" value={tier}>
                  {t(`tier.${tier}`)}
                </Chip>
              ))}
            </Group>
          </Chip.Group>
        )}
      </Field>
      <Field label={t('alerting.quiet')} hint={t('alerting.quietHint')}>
        {() => (
          <>
            <Switch
              aria-label={t('alerting.quiet')}
              checked={mine.quiet !== null}
              data-testid="quiet"
              onChange={(event) => set({ quiet: event.currentTarget.checked ? NIGHT : null })}
            />
            {mine.quiet && (
              <TimeRange
                label={t('alerting.quiet')}
                from={mine.quiet.from}
                to={mine.quiet.to}
                change={(from, to) => set({ quiet: { from, to } })}
                testId="quiet"
              />
            )}
          </>
        )}
      </Field>
      <Field
        label={t('alerting.meeting')}
        hint={
          inMeeting
            ? t('alerting.meetingUntil', { time: shortTime(t, i18n.language, until, now, zone) })
            : t('alerting.meetingHint')
        }
      >
        {(id) => (
          <Group gap={6} role="group" aria-labelledby={id}>
            {inMeeting ? (
              <Button
                variant="light"
                size="compact-md"
                loading={meeting.isPending}
                data-testid="meeting-end"
                onClick={() => meeting.mutate(null, { onError: noticeError })}
              >
                {t('alerting.meetingEnd')}
              </Button>
            ) : (
              MEETINGS.map((minutes) => (
                <Button
                  key={minutes}
                  variant="default"
                  size="compact-md"
                  data-testid={`meeting-${minutes}`}
                  onClick={() => meeting.mutate(minutes, { onError: noticeError })}
                >
                  {target(t, minutes * 60)}
                </Button>
              ))
            )}
          </Group>
        )}
      </Field>
    </Card>
  )
}

function Level({ choice, change }: { choice: LevelChoice; change: (next: LevelChoice) => void }) {
  const { t } = useTranslation()
  const name = t(`level.${choice.level}`)
  // The slider follows the hand; the choice is kept when it is let go.
  const [volume, setVolume] = useState(choice.volume)
  useEffect(() => setVolume(choice.volume), [choice.volume])
  return (
    <Table.Tr>
      <Table.Td>{name}</Table.Td>
      <Table.Td>
        <Checkbox
          aria-label={t('alerting.popUpOf', { level: name })}
          checked={choice.native}
          data-testid={`native-${choice.level}`}
          onChange={(event) => change({ ...choice, native: event.currentTarget.checked })}
        />
      </Table.Td>
      <Table.Td>
        <Select
          size="xs"
          w={110}
          aria-label={t('alerting.soundOf', { level: name })}
          data={SOUNDS.map((sound) => ({ value: sound, label: t(`sound.${sound}`) }))}
          value={choice.sound}
          allowDeselect={false}
          data-testid={`sound-${choice.level}`}
          onChange={(sound) => sound && change({ ...choice, sound: sound as SoundName })}
        />
      </Table.Td>
      <Table.Td>
        <Slider
          w={120}
          size="sm"
          label={(value) => `${value}%`}
          thumbLabel={t('alerting.volumeOf', { level: name })}
          disabled={choice.sound === 'none'}
          value={volume}
          onChange={setVolume}
          onChangeEnd={(value) => change({ ...choice, volume: value })}
        />
      </Table.Td>
      <Table.Td>
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<IconPlayerPlay size={14} aria-hidden />}
          disabled={choice.sound === 'none'}
          aria-label={t('alerting.listenTo', { level: name })}
          data-testid={`listen-${choice.level}`}
          onClick={() => playSound(choice.sound, volume)}
        >
          {t('alerting.listen')}
        </Button>
      </Table.Td>
    </Table.Tr>
  )
}

function Ladder({ rules, change }: Editing) {
  const { t } = useTranslation()
  return (
    <Card title={t('alerting.ladder')} hint={t('alerting.ladderHint')}>
      {LEVELS.flatMap((level) => rules.ladder.find((one) => one.level === level) ?? []).map((step) => (
        <Field key={step.level} label={t(`level.${step.level}`)}>
          {(id) => (
            <MultiSelect
              w="100%"
              aria-labelledby={id}
              data={RECIPIENTS.map((one) => ({ value: one, label: t(`recipient.${one}`) }))}
              value={step.recipients}
              data-testid={`ladder-${step.level}`}
              onChange={(next) =>
                change((now) => ({
                  ladder: now.ladder.map((one) =>
                    one.level === step.level ? { ...one, recipients: next as Recipient[] } : one,
                  ),
                }))
              }
            />
          )}
        </Field>
      ))}
      <p className={css.note}>
        <TierBadge tier="urgent" /> {t('alerting.ladderNote')}
      </p>
    </Card>
  )
}

/** What this program cannot do, and what can be done about it. */
function Asleep({ rules, change }: Editing) {
  const { t } = useTranslation()
  const { dataFolder, hasTray } = useWorkspace()
  return (
    <Card title={t('alerting.alwaysOn')}>
      <Alert color="orange" variant="light" icon={<IconMoonStars size={18} aria-hidden />} mb="md">
        <b>{t('notification.asleep')}</b> {t(hasTray ? 'notification.tray' : 'notification.noTray')}
      </Alert>
      <Field
        label={t('alerting.autostart')}
        hint={t(rules.autostartAvailable ? 'alerting.autostartHint' : 'alerting.autostartMissing')}
      >
        {(id) => (
          <Switch
            aria-labelledby={id}
            checked={rules.autostart}
            disabled={!rules.autostartAvailable}
            data-testid="autostart"
            onChange={(event) => {
              const autostart = event.currentTarget.checked
              change(() => ({ autostart }))
            }}
          />
        )}
      </Field>
      <div className={css.serve}>
        <p>{t('alerting.serve')}</p>
        <code>
          <Copyable value={`amends-cli serve --data "${dataFolder}"`} label={t('alerting.serveCommand')} />
        </code>
        <p>{t('alerting.serveAfter')}</p>
      </div>
    </Card>
  )
}
