import { ActionIcon, Button, Checkbox, Popover, Stack, Text } from '@mantine/core'
import { IconChevronLeft, IconChevronRight, IconPlus, IconRepeat } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { noticeError } from '@/components/notice'
import type { PersonView, RosterView, ShiftView } from '@/ipc/bindings'
import { parseDate, plusDays, weekdayNames } from '../calendar/days'
import { useWorkspace } from '../workspace'
import { useSetOnCall, useSetRoster } from './queries'
import css from './Shifts.module.css'

interface Props {
  roster: RosterView
  today: string
  thisWeek: string
  setWeek: (week: string) => void
  rotate: () => void
}

/** The week's roster: shifts down, days across, people in the cells; on-call in the last row. */
export function Roster({ roster, today, thisWeek, setWeek, rotate }: Props) {
  const { t, i18n } = useTranslation()
  const days = Array.from({ length: 7 }, (_, at) => plusDays(roster.week, at))
  const names = weekdayNames(i18n.language, 'short')
  const day = new Intl.DateTimeFormat(i18n.language, {
    timeZone: 'UTC',
    month: i18n.language === 'en' ? 'short' : 'long',
    day: 'numeric',
  })
  const range = `${day.format(parseDate(roster.week))} – ${day.format(parseDate(plusDays(roster.week, 6)))}`
  return (
    <>
      <div className={css.weekBar}>
        <ActionIcon
          variant="default"
          aria-label={t('shift.previousWeek')}
          onClick={() => setWeek(plusDays(roster.week, -7))}
        >
          <IconChevronLeft size={16} aria-hidden />
        </ActionIcon>
        <ActionIcon
          variant="default"
          aria-label={t('shift.nextWeek')}
          onClick={() => setWeek(plusDays(roster.week, 7))}
          data-testid="next-week"
        >
          <IconChevronRight size={16} aria-hidden />
        </ActionIcon>
        <Button
          variant="default"
          size="compact-md"
          disabled={roster.week === thisWeek}
          onClick={() => setWeek(thisWeek)}
        >
          {t('shift.thisWeek')}
        </Button>
        <b aria-live="polite">{range}</b>
        <span className={css.space} />
        <Button
          variant="default"
          size="compact-md"
          leftSection={<IconRepeat size={15} aria-hidden />}
          onClick={rotate}
          data-testid="rotate"
        >
          {t('shift.rotate')}
        </Button>
      </div>
      <div className={css.scroll}>
        <table className={css.roster}>
          <thead>
            <tr>
              <th scope="col">
                <span className="vh">{t('shift.shift')}</span>
              </th>
              {days.map((date, at) => (
                <th key={date} scope="col" data-today={date === today || undefined}>
                  {names[at]}
                  <span>{Number(date.slice(8))}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {roster.shifts.map((shift) => (
              <tr key={shift.id}>
                <th scope="row">
                  <span className={css.shiftName} data-color={shift.color % 6}>
                    {shift.name}
                  </span>
                  <span className={css.hours}>
                    {shift.from}–{shift.to}
                  </span>
                </th>
                {days.map((date, at) => (
                  <td key={date} data-today={date === today || undefined}>
                    <ShiftCell roster={roster} shift={shift} date={date} day={names[at] ?? ''} />
                  </td>
                ))}
              </tr>
            ))}
            <tr className={css.onCallRow}>
              <th scope="row">
                <span className={css.shiftName}>{t('duty.onCall')}</span>
                <span className={css.hours}>{t('shift.onCallHint')}</span>
              </th>
              {days.map((date, at) => (
                <td key={date} data-today={date === today || undefined}>
                  <OnCallCell roster={roster} date={date} day={names[at] ?? ''} />
                </td>
              ))}
            </tr>
          </tbody>
        </table>
      </div>
    </>
  )
}

const awayOn = (roster: RosterView, personId: string, date: string) =>
  roster.absences.some((one) => one.personId === personId && one.from <= date && date <= one.to)

function usePeople() {
  const { people } = useWorkspace()
  return { people, nameOf: (id: string) => people.find((person) => person.id === id)?.name ?? id }
}

interface CellProps {
  roster: RosterView
  date: string
  day: string
}

function ShiftCell({ roster, shift, date, day }: CellProps & { shift: ShiftView }) {
  const { t } = useTranslation()
  const { people, nameOf } = usePeople()
  const set = useSetRoster(roster.week)
  const here = roster.slots
    .filter((slot) => slot.date === date && slot.shiftId === shift.id)
    .map((slot) => slot.personId)
  const toggle = (personId: string, on: boolean) =>
    set.mutate({ date, shiftId: shift.id, personId, on }, { onError: noticeError })
  return (
    <Cell
      label={t('shift.cell', { day, shift: shift.name })}
      title={t('shift.who', { day, shift: shift.name })}
      names={here.map((id) => ({ id, name: nameOf(id), away: awayOn(roster, id, date) }))}
      color={shift.color % 6}
      testId={`cell-${shift.id}-${date}`}
    >
      {people.map((person) => (
        <PersonChoice
          key={person.id}
          person={person}
          away={awayOn(roster, person.id, date)}
          on={here.includes(person.id)}
          set={(on) => toggle(person.id, on)}
        />
      ))}
    </Cell>
  )
}

function OnCallCell({ roster, date, day }: CellProps) {
  const { t } = useTranslation()
  const { people, nameOf } = usePeople()
  const set = useSetOnCall()
  const here = roster.onCall.find((slot) => slot.date === date)?.personId
  return (
    <Cell
      label={t('shift.cell', { day, shift: t('duty.onCall') })}
      title={t('shift.who', { day, shift: t('duty.onCall') })}
      names={here ? [{ id: here, name: nameOf(here), away: awayOn(roster, here, date) }] : []}
      testId={`oncall-${date}`}
    >
      {people.map((person) => (
        <PersonChoice
          key={person.id}
          person={person}
          away={awayOn(roster, person.id, date)}
          on={here === person.id}
          set={(on) =>
            set.mutate({ date, personId: on ? person.id : null, madeFrom: here ?? null }, { onError: noticeError })
          }
        />
      ))}
    </Cell>
  )
}

/** A cell shows its people; a click opens who could be there. */
function Cell({
  label,
  title,
  names,
  color,
  testId,
  children,
}: {
  label: string
  title: string
  names: { id: string; name: string; away: boolean }[]
  color?: number
  testId: string
  children: React.ReactNode
}) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <Popover opened={open} onChange={setOpen} position="bottom" withArrow trapFocus returnFocus width={220}>
      <Popover.Target>
        <button
          type="button"
          className={css.cell}
          aria-expanded={open}
          data-testid={testId}
          onClick={() => setOpen(!open)}
        >
          <span className="vh">{label}</span>
          {names.length === 0 && <span className="vh">{t('duty.none')}</span>}
          {names.length === 0 && <IconPlus size={14} className={css.add} aria-hidden />}
          {names.map(({ id, name, away }) => (
            <span key={id} className={css.person} data-color={color} data-away={away || undefined}>
              {name}
              {away && <i>{t('shift.away')}</i>}
            </span>
          ))}
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={title}>
        <Text size="sm" fw={600} mb={8}>
          {title}
        </Text>
        <Stack gap={8}>{children}</Stack>
      </Popover.Dropdown>
    </Popover>
  )
}

function PersonChoice({
  person,
  away,
  on,
  set,
}: {
  person: PersonView
  away: boolean
  on: boolean
  set: (on: boolean) => void
}) {
  const { t } = useTranslation()
  return (
    <Checkbox
      label={away ? t('shift.awayName', { name: person.name }) : person.name}
      checked={on}
      onChange={(event) => set(event.currentTarget.checked)}
    />
  )
}
