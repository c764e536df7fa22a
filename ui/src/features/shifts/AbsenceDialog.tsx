import { Button, Group, Input, Modal, Select, Stack, Text, TextInput } from '@mantine/core'
import { DatePicker } from '@mantine/dates'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { sentence } from '@/components/notice'
import { useWorkspace } from '../workspace'
import { useAddAbsence } from './queries'

/** Somebody is away for some days: nobody rings them, and the roster says so. */
export function AbsenceDialog({ today, close }: { today: string; close: () => void }) {
  const { t } = useTranslation()
  const { people, actor } = useWorkspace()
  const [personId, setPerson] = useState(actor?.id ?? people[0]?.id ?? null)
  const [range, setRange] = useState<[string | null, string | null]>([today, today])
  const [note, setNote] = useState('')
  const add = useAddAbsence()
  const [from, to] = range
  return (
    <Modal opened onClose={close} title={t('shift.addAbsence')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (personId && from) {
            add.mutate({ personId, from, to: to ?? from, note: note.trim() }, { onSuccess: close })
          }
        }}
      >
        <Stack gap="sm">
          <Select
            label={t('shift.person')}
            data={people.map((person) => ({ value: person.id, label: person.name }))}
            value={personId}
            allowDeselect={false}
            onChange={setPerson}
          />
          <Input.Wrapper label={t('shift.fromToLabel')} labelElement="div">
            <DatePicker
              type="range"
              allowSingleDateInRange
              size="sm"
              value={range}
              onChange={setRange}
              minDate={today}
              monthLabelFormat={t('shift.monthFormat')}
              ariaLabels={{ previousMonth: t('shift.previousMonth'), nextMonth: t('shift.nextMonth') }}
            />
          </Input.Wrapper>
          <TextInput
            label={t('shift.reason')}
            placeholder={t('shift.reasonPlaceholder')}
            value={note}
            maxLength={80}
            data-testid="absence-note"
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          {add.error && (
            <Text size="sm" c="var(--urgent)" role="alert">
              {sentence(add.error)}
            </Text>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={add.isPending} disabled={!personId || !from} data-testid="absence-save">
              {t('common.ok')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
