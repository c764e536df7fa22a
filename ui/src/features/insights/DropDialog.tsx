import { Button, Group, Modal, Stack, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Improvement } from '../report/whole'
import { useImprovementStep } from './ImprovementsCard'

/** Why something is not done any more. */
export function DropDialog({ improvement, close }: { improvement: Improvement; close: () => void }) {
  const { t } = useTranslation()
  const { take, pending } = useImprovementStep()
  const [why, setWhy] = useState('')
  return (
    <Modal
      opened
      onClose={close}
      title={t('improve.dropTitle', { title: improvement.title })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack gap="md">
        <Textarea
          label={t('improve.why')}
          required
          autosize
          minRows={2}
          maxLength={300}
          value={why}
          onChange={(event) => setWhy(event.currentTarget.value)}
          data-autofocus
          data-testid="drop-why"
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button
            disabled={why.trim() === ''}
            loading={pending}
            onClick={() => take(improvement, { to: 'dropped', why: why.trim() }, close)}
            data-testid="drop-go"
          >
            {t('improve.step.dropped')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
