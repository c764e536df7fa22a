import { Button, Group, Modal, NumberInput, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { notice, sentence } from '@/components/notice'
import { useRotate } from './queries'

/** Copies the week on screen into the weeks after it. */
export function RotateDialog({ week, close }: { week: string; close: () => void }) {
  const { t } = useTranslation()
  const [weeks, setWeeks] = useState(4)
  const [every, setEvery] = useState(1)
  const rotate = useRotate()
  return (
    <Modal opened onClose={close} title={t('shift.rotate')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          rotate.mutate(
            { fromWeek: week, weeks, everyWeeks: every },
            {
              onSuccess: () => {
                notice(t('shift.rotated', { count: weeks }))
                close()
              },
            },
          )
        }}
      >
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            {t('shift.rotateHint')}
          </Text>
          <NumberInput
            label={t('shift.weeks')}
            min={1}
            max={26}
            allowDecimal={false}
            clampBehavior="strict"
            value={weeks}
            data-testid="rotate-weeks"
            onChange={(value) => setWeeks(Math.max(1, Number(value) || 1))}
          />
          <NumberInput
            label={t('shift.everyWeeks')}
            description={t('shift.everyWeeksHint')}
            min={1}
            max={8}
            allowDecimal={false}
            clampBehavior="strict"
            value={every}
            onChange={(value) => setEvery(Math.max(1, Number(value) || 1))}
          />
          {rotate.error && (
            <Text size="sm" c="var(--urgent)" role="alert">
              {sentence(rotate.error)}
            </Text>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={rotate.isPending} data-testid="rotate-do">
              {t('shift.rotateDo')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
