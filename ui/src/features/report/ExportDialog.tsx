import { Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { notice, noticeError } from '@/components/notice'
import type { ReportFormat } from '@/ipc/bindings'
import { useSaveReport } from './queries'
import type { ReportSearch } from './search'

/** Saves a report and says where to find it. */
export function useExport() {
  const { t } = useTranslation()
  const save = useSaveReport()
  return {
    saving: save.isPending,
    save: (search: ReportSearch, format: ReportFormat, withPrivateData: boolean, done?: () => void) =>
      save.mutate(
        { search, format, withPrivateData },
        {
          onError: noticeError,
          onSuccess: (file) => {
            if (!file) return
            done?.()
            notice(t('report.saved', { name: file.name }))
          },
        },
      ),
  }
}

/** The one thing to decide before a report leaves this computer. */
export function ExportDialog({
  search,
  format,
  close,
}: {
  search: ReportSearch
  format: ReportFormat
  close: () => void
}) {
  const { t } = useTranslation()
  const [withPrivateData, setPrivate] = useState(false)
  const { save, saving } = useExport()
  return (
    <Modal
      opened
      onClose={close}
      title={t(`report.export.${format}`)}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack gap="md">
        <Checkbox
          label={t('report.withPrivate')}
          description={t('report.withPrivateHint')}
          checked={withPrivateData}
          onChange={(event) => setPrivate(event.currentTarget.checked)}
          data-testid="with-private"
        />
        {withPrivateData && (
          <Text size="sm" c="var(--risk)" role="status">
            {t('report.withPrivateWarning')}
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button
            loading={saving}
            onClick={() => save(search, format, withPrivateData, close)}
            data-autofocus
            data-testid="export-go"
          >
            {t('report.exportGo')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
