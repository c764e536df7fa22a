import { Modal } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { LessonForm } from './LessonForm'

export function LessonDialog({ week, theme, close }: { week: string; theme: string; close: () => void }) {
  const { t } = useTranslation()
  return (
    <Modal
      opened
      onClose={close}
      title={t('lesson.labelOf', { theme })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <LessonForm week={week} theme={theme} done={close} />
    </Modal>
  )
}
