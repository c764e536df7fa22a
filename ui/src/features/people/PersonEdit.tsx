import { Button, Group, Modal, Select, Stack } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { sentence } from '@/components/notice'
import type { Department, PersonView } from '@/ipc/bindings'
import { useUpdatePerson } from '../workspace'
import { type PersonDraft, PersonForm } from './PersonForm'

export const DEPARTMENTS: Department[] = ['desk', 'service', 'quality', 'logistics', 'marketing', 'management']

/** Name, role and department of a colleague, and out of every choice when they have left. */
export function PersonEdit({ person, close }: { person: PersonView | null; close: () => void }) {
  const { t } = useTranslation()
  const update = useUpdatePerson()
  const [draft, setDraft] = useState<PersonDraft>({ name: '', role: 'agent' })
  const [department, setDepartment] = useState<Department>('desk')
  useEffect(() => {
    if (!person) return
    setDraft({ name: person.name, role: person.role })
    setDepartment(person.department)
  }, [person])
  const shut = () => {
    update.reset()
    close()
  }
  const change = (active: boolean) => {
    if (!person) return
    update.mutate({ id: person.id, name: draft.name.trim(), role: draft.role, department, active }, { onSuccess: shut })
  }
  return (
    <Modal
      opened={person !== null}
      onClose={shut}
      title={t('people.edit')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          change(true)
        }}
      >
        <Stack gap="sm">
          <PersonForm draft={draft} change={setDraft} error={update.error ? sentence(update.error) : null} />
          <Select
            label={t('people.department')}
            description={t('people.departmentHint')}
            data={DEPARTMENTS.map((word) => ({ value: word, label: t(`department.${word}`) }))}
            value={department}
            allowDeselect={false}
            onChange={(word) => word && setDepartment(word as Department)}
            data-testid="person-department"
          />
          <Group justify="space-between" mt="sm">
            <Button variant="subtle" color="red" onClick={() => change(false)} data-testid="person-leave">
              {t('people.left')}
            </Button>
            <Group gap="sm">
              <Button variant="default" onClick={shut}>
                {t('common.cancel')}
              </Button>
              <Button
                type="submit"
                loading={update.isPending}
                disabled={draft.name.trim() === ''}
                data-testid="person-save"
              >
                {t('people.save')}
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
