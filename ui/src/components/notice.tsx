import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconAlertTriangle, IconArrowBackUp, IconCheck } from '@tabler/icons-react'
import i18n from '@/i18n'
import { CoreError } from '@/ipc/errors'

/** The sentence of an error for a person; never a raw one. */
export function sentence(error: unknown): string {
  if (error instanceof CoreError) {
    // The core speaks zh-CN; other languages get the catalogue's sentence for the code.
    return i18n.language === 'zh-CN' ? error.message : i18n.t(`errors.${error.code}`, { defaultValue: error.message })
  }
  return i18n.t('errors.internal')
}

/** Says what failed. That nobody sits here yet is asked by a dialogue instead (App). */
export function noticeError(error: unknown) {
  if (error instanceof CoreError && error.code === 'no_actor') return
  notifications.show({
    color: 'urgent',
    icon: <IconAlertTriangle size={18} aria-hidden />,
    title: i18n.t('notice.failed'),
    message: sentence(error),
    autoClose: 9000,
    withBorder: true,
    closeButtonProps: { 'aria-label': i18n.t('common.close') },
    role: 'alert',
  })
}

export function notice(message: string, title?: string) {
  notifications.show({
    color: 'brand',
    icon: <IconCheck size={18} aria-hidden />,
    title,
    message,
    autoClose: 5000,
    withBorder: true,
    closeButtonProps: { 'aria-label': i18n.t('common.close') },
  })
}

/** So long a change can be taken back (ui.md, Behaviour). */
const UNDO_MS = 8000

/** Says what was done, with the way back. */
export function noticeUndo(message: string, undo: () => void) {
  const id = `undo-${Date.now()}`
  notifications.show({
    id,
    color: 'brand',
    icon: <IconCheck size={18} aria-hidden />,
    message: (
      <>
        {message}{' '}
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconArrowBackUp size={15} aria-hidden />}
          onClick={() => {
            notifications.hide(id)
            undo()
          }}
          data-testid="notice-undo"
        >
          {i18n.t('common.undo')}
        </Button>
      </>
    ),
    autoClose: UNDO_MS,
    withBorder: true,
    closeButtonProps: { 'aria-label': i18n.t('common.close') },
  })
}
