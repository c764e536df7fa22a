import { ActionIcon, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ChangedMeanwhile, isConflict } from '@/components/changed-meanwhile'
import { sentence } from '@/components/notice'
import { TimeRange } from '@/components/time-range'
import type { RosterView, ShiftView } from '@/ipc/bindings'
import { useSaveShifts } from './queries'
import css from './Shifts.module.css'

/** The shifts of a day: their names and hours. */
export function ShiftsDialog(props: { roster: RosterView; close: () => void }) {
  const [round, setRound] = useState(0)
  return <Form key={round} {...props} reload={() => setRound(round + 1)} />
}

function Form({ roster, close, reload }: { roster: RosterView; close: () => void; reload: () => void }) {
  const { t } = useTranslation()
  const [shifts, setShifts] = useState(roster.shifts)
  const [madeFrom, setMadeFrom] = useState(roster.revision)
  const save = useSaveShifts()
  const set = (at: number, next: Partial<ShiftView> | null) =>
    setShifts(shifts.flatMap((shift, index) => (index !== at ? [shift] : next ? [{ ...shift, ...next }] : [])))
  const add = () =>
    setShifts([
      ...shifts,
      { id: '', name: '', from: shifts.at(-1)?.to ?? '09:00', to: '18:00', color: shifts.length % 6 },
    ])
  return (
    <Modal
      opened
      onClose={close}
      size="lg"
      title={t('shift.edit')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate(
            {
              enabled: roster.enabled,
              shifts: shifts.map((shift) => ({ ...shift, name: shift.name.trim() })),
              madeFrom,
            },
            { onSuccess: close },
          )
        }}
      >
        <Stack gap="xs">
          <Text size="sm" c="dimmed">
            {t('shift.editHint')}
          </Text>
          {shifts.map((shift, at) => (
            <div key={shift.id || `new-${at}`} className={css.shiftLine}>
              <span className={css.swatch} data-color={shift.color % 6} aria-hidden />
              <TextInput
                aria-label={t('shift.name')}
                placeholder={t('shift.namePlaceholder')}
                value={shift.name}
                maxLength={20}
                data-testid={`shift-name-${at}`}
                onChange={(event) => set(at, { name: event.currentTarget.value })}
              />
              <TimeRange
                label={shift.name || t('shift.shift')}
                from={shift.from}
                to={shift.to}
                change={(from, to) => set(at, { from, to })}
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('shift.drop', { name: shift.name })}
                onClick={() => set(at, null)}
              >
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            </div>
          ))}
          <Button
            variant="subtle"
            size="compact-md"
            leftSection={<IconPlus size={15} aria-hidden />}
            onClick={add}
            w="fit-content"
            data-testid="shift-add"
          >
            {t('shift.add')}
          </Button>
          {isConflict(save.error) ? (
            <ChangedMeanwhile
              reload={reload}
              keep={() => {
                setMadeFrom(roster.revision)
                save.reset()
              }}
            />
          ) : (
            save.error && (
              <Text size="sm" c="var(--urgent)" role="alert">
                {sentence(save.error)}
              </Text>
            )
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('common.cancel')}
            </Button>
            <Button
              type="submit"
              loading={save.isPending}
              disabled={isConflict(save.error) || shifts.some((shift) => shift.name.trim() === '')}
              data-testid="shifts-save"
            >
              {t('save.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
