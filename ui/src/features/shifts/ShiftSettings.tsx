import { ActionIcon, Button, Switch, Table } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { noticeError } from '@/components/notice'
import { Failure, Waiting } from '@/components/states'
import type { RosterView } from '@/ipc/bindings'
import { useNow } from '@/lib/now'
import { partsIn } from '@/lib/time'
import { dayName, plusDays, weekdayOf } from '../calendar/days'
import { Card, Field, Section } from '../settings/Section'
import { useWorkspace } from '../workspace'
import { AbsenceDialog } from './AbsenceDialog'
import { Duty, Handover } from './DutyCard'
import { useRemoveAbsence, useRoster, useSaveShifts } from './queries'
import { Roster } from './Roster'
import { RotateDialog } from './RotateDialog'
import css from './Shifts.module.css'
import { ShiftsDialog } from './ShiftsDialog'

type Dialog = 'shifts' | 'rotate' | 'absence'

/** 班次: who is there when, who is called out of hours, who is away. */
export function ShiftSettings() {
  const { t } = useTranslation()
  const { zone } = useWorkspace()
  const now = useNow()
  const { year, month, day } = partsIn(now, zone)
  const today = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
  const thisWeek = plusDays(today, -weekdayOf(today))
  const [week, setWeek] = useState(thisWeek)
  const roster = useRoster(week)
  const [dialog, setDialog] = useState<Dialog | null>(null)
  const save = useSaveShifts()
  const data = roster.data
  return (
    <Section name="shifts" wide hint={t('shift.hint')}>
      {roster.error ? (
        <Failure error={roster.error} retry={() => void roster.refetch()} />
      ) : !data ? (
        <Waiting />
      ) : (
        <>
          <Card>
            <Field label={t('shift.enabled')} hint={t(data.enabled ? 'shift.enabledHint' : 'shift.disabledHint')}>
              {(id) => (
                <Switch
                  aria-labelledby={id}
                  checked={data.enabled}
                  data-testid="shifts-enabled"
                  onChange={(event) =>
                    save.mutate(
                      { enabled: event.currentTarget.checked, shifts: data.shifts, madeFrom: data.revision },
                      { onError: noticeError },
                    )
                  }
                />
              )}
            </Field>
          </Card>
          <Card title={t('duty.now')}>
            <Duty duty={data.now} />
            <Handover duty={data.now} />
          </Card>
          {data.enabled && (
            <>
              <Card
                title={t('shift.roster')}
                hint={t('shift.rosterHint')}
                aside={
                  <Button
                    variant="default"
                    size="compact-md"
                    onClick={() => setDialog('shifts')}
                    data-testid="shifts-edit"
                  >
                    {t('shift.edit')}
                  </Button>
                }
              >
                {data.shifts.length === 0 ? (
                  <p className={css.quiet}>{t('shift.noShifts')}</p>
                ) : (
                  <Roster
                    roster={data}
                    today={today}
                    thisWeek={thisWeek}
                    setWeek={setWeek}
                    rotate={() => setDialog('rotate')}
                  />
                )}
              </Card>
              <Absences roster={data} today={today} add={() => setDialog('absence')} />
            </>
          )}
          {dialog === 'shifts' && <ShiftsDialog roster={data} close={() => setDialog(null)} />}
          {dialog === 'rotate' && <RotateDialog week={data.week} close={() => setDialog(null)} />}
          {dialog === 'absence' && <AbsenceDialog today={today} close={() => setDialog(null)} />}
        </>
      )}
    </Section>
  )
}

function Absences({ roster, today, add }: { roster: RosterView; today: string; add: () => void }) {
  const { t, i18n } = useTranslation()
  const { people } = useWorkspace()
  const remove = useRemoveAbsence()
  const coming = roster.absences.filter((one) => one.to >= today).sort((a, b) => a.from.localeCompare(b.from))
  const nameOf = (id: string) => people.find((person) => person.id === id)?.name ?? id
  return (
    <Card
      title={t('shift.absences')}
      hint={t('shift.absencesHint')}
      aside={
        <Button
          variant="default"
          size="compact-md"
          leftSection={<IconPlus size={15} aria-hidden />}
          onClick={add}
          data-testid="absence-add"
        >
          {t('shift.addAbsence')}
        </Button>
      }
    >
      {coming.length === 0 ? (
        <p className={css.quiet}>{t('shift.noAbsences')}</p>
      ) : (
        <Table verticalSpacing={6}>
          <Table.Tbody>
            {coming.map((one) => (
              <Table.Tr key={one.id}>
                <Table.Td fw={550}>{nameOf(one.personId)}</Table.Td>
                <Table.Td>
                  {one.from === one.to
                    ? dayName(i18n.language, one.from)
                    : t('shift.fromTo', { from: dayName(i18n.language, one.from), to: dayName(i18n.language, one.to) })}
                </Table.Td>
                <Table.Td>{one.note}</Table.Td>
                <Table.Td ta="end">
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={t('shift.removeAbsence', { name: nameOf(one.personId) })}
                    onClick={() => remove.mutate(one.id, { onError: noticeError })}
                  >
                    <IconTrash size={16} aria-hidden />
                  </ActionIcon>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Card>
  )
}
