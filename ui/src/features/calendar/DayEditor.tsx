import { Button, Group, NumberInput, Popover, Radio, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CalendarRules, WindowOfDay } from '@/ipc/bindings'
import css from './Calendar.module.css'
import { dayName, weekdayOf, withOverride } from './days'
import { Windows } from './Windows'

type Choice = 'rule' | 'closed' | 'open'
const ORDINARY: WindowOfDay[] = [{ open: '09:00', close: '18:00' }]

interface Props {
  date: string
  at: DOMRect
  rules: CalendarRules
  change: (rules: CalendarRules) => void
  close: () => void
}

/** What one day (or several in a row) does differently: closed, own hours, or as every week. */
export function DayEditor({ date, at, rules, change, close }: Props) {
  const { t, i18n } = useTranslation()
  const own = rules.overrides.find((one) => one.date === date)
  const [choice, setChoice] = useState<Choice>(own ? (own.closed ? 'closed' : 'open') : 'closed')
  const weekly = rules.weekly[weekdayOf(date)] ?? []
  const [windows, setWindows] = useState(own && !own.closed ? own.windows : weekly.length > 0 ? weekly : ORDINARY)
  const [note, setNote] = useState(own?.note ?? '')
  const [days, setDays] = useState(1)
  const name = dayName(i18n.language, date)
  const done = () => {
    const set = { closed: choice === 'closed', windows: choice === 'open' ? windows : [], note: note.trim() }
    change(withOverride(rules, date, days, choice === 'rule' ? null : set))
    close()
  }
  return (
    <Popover
      opened
      onChange={(open) => !open && close()}
      position="right"
      withArrow
      trapFocus
      returnFocus
      shadow="lg"
      withRoles={false}
    >
      <Popover.Target>
        <div
          style={{
            position: 'fixed',
            left: at.left,
            top: at.top,
            width: at.width,
            height: at.height,
            pointerEvents: 'none',
          }}
        />
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={t('worktime.editDay', { day: name })}>
        <form
          className={css.editor}
          onSubmit={(event) => {
            event.preventDefault()
            done()
          }}
          onKeyDown={(event) => event.key === 'Escape' && close()}
        >
          <h3 className={css.editorTitle}>{name}</h3>
          <Radio.Group
            value={choice}
            onChange={(value) => setChoice(value as Choice)}
            aria-label={t('worktime.editDay', { day: name })}
          >
            <Stack gap={8}>
              <Radio value="closed" label={t('worktime.choice.closed')} data-testid="day-closed" data-autofocus />
              <Radio value="open" label={t('worktime.choice.open')} data-testid="day-open" />
              <Radio value="rule" label={t('worktime.choice.rule')} data-testid="day-rule" />
            </Stack>
          </Radio.Group>
          {choice === 'open' && <Windows day={name} windows={windows} change={setWindows} testId="day" />}
          {choice !== 'rule' && (
            <TextInput
              size="sm"
              label={t('worktime.note')}
              placeholder={t('worktime.notePlaceholder')}
              value={note}
              maxLength={40}
              onChange={(event) => setNote(event.currentTarget.value)}
            />
          )}
          <NumberInput
            size="sm"
            label={t('worktime.inARow')}
            min={1}
            max={60}
            allowDecimal={false}
            clampBehavior="blur"
            value={days}
            onChange={(value) => setDays(Math.max(1, Number(value) || 1))}
          />
          <Group justify="flex-end" gap={8}>
            <Button variant="default" size="compact-md" onClick={close}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" size="compact-md" data-testid="day-done">
              {t('common.ok')}
            </Button>
          </Group>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}
