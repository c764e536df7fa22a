import { Button, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { CoreError } from '@/ipc/errors'

export const isConflict = (error: unknown) => error instanceof CoreError && error.code === 'conflict'

/** Somebody else saved meanwhile. What is typed here stays until the person says which of the two it is to be. */
export function ChangedMeanwhile({ who, reload, keep }: { who?: string; reload: () => void; keep: () => void }) {
  const { t } = useTranslation()
  return (
    <div role="alert" data-testid="changed-meanwhile">
      <Text size="sm">
        <b>{who ?? t('save.changed')}</b> {t('save.changedWhat')}
      </Text>
      <Group gap={8} mt={6}>
        <Button size="compact-md" variant="default" onClick={reload} data-testid="reload">
          {t('save.reload')}
        </Button>
        <Button size="compact-md" variant="default" onClick={keep} data-testid="keep-mine">
          {t('save.keepMine')}
        </Button>
      </Group>
    </div>
  )
}
