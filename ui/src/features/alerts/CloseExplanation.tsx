import { Button, Group, Modal, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { platform } from '@/ipc/platform'
import { useUpdateWorkspace } from '../workspace'

/** Says once what closing the window does. */
export function CloseExplanation() {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const update = useUpdateWorkspace()
  useEffect(() => platform().listen('closingToTray', () => setOpen(true)), [])
  const done = () => {
    setOpen(false)
    update.mutate({ closeExplained: true })
  }
  return (
    <Modal
      opened={open}
      onClose={done}
      title={t('closing.title')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Text>{t('closing.words')}</Text>
      <Group justify="flex-end" mt="lg">
        <Button onClick={done} data-testid="close-explained">
          {t('closing.understood')}
        </Button>
      </Group>
    </Modal>
  )
}
