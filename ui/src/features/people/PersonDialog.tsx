import { Button, Divider, Group, Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { sentence } from '@/components/notice'
import { createStore } from '@/lib/store'
import { useSitDown, useWorkspace } from '../workspace'
import { type PersonDraft, PersonForm } from './PersonForm'

/** Open when the window must know who is sitting here; `goOn` goes on with what was asked. */
export const personDialog = createStore<{ open: boolean; goOn?: () => void }>({ open: false })

export function PersonDialog() {
  const { t } = useTranslation()
  const { open, goOn } = personDialog.use()
  const { people } = useWorkspace()
  const sit = useSitDown()
  const [draft, setDraft] = useState<PersonDraft>({ name: '', role: 'agent' })
  const close = () => {
    personDialog.set({ open: false })
    sit.reset()
  }
  const done = () => {
    close()
    setDraft({ name: '', role: 'agent' })
    goOn?.()
  }
  return (
    <Modal opened={open} onClose={close} title={t('people.who')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {t('people.why')}
        </Text>
        {people.length > 0 && (
          <>
            <Group gap="xs">
              {people.map((person) => (
                <Button
                  key={person.id}
                  variant="default"
                  onClick={() => sit.mutate({ id: person.id, name: null, role: null }, { onSuccess: done })}
                >
                  {t('people.nameRole', { name: person.name, role: t(`role.${person.role}`) })}
                </Button>
              ))}
            </Group>
            <Divider label={t('people.or')} />
          </>
        )}
        <form
          onSubmit={(event) => {
            event.preventDefault()
            sit.mutate({ id: null, name: draft.name.trim(), role: draft.role }, { onSuccess: done })
          }}
        >
          <PersonForm draft={draft} change={setDraft} error={sit.error ? sentence(sit.error) : null} />
          <Group justify="flex-end" mt="lg">
            <Button variant="default" onClick={close}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={sit.isPending} disabled={draft.name.trim() === ''} data-testid="person-sit">
              {t('people.sit')}
            </Button>
          </Group>
        </form>
      </Stack>
    </Modal>
  )
}
