import { Button, Group, Progress, Text } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { noticeError, sentence } from '@/components/notice'
import page from '@/components/page.module.css'
import { Empty, Waiting } from '@/components/states'
import { CoreError } from '@/ipc/errors'
import { duration } from '@/lib/time'
import { BatchResult } from './BatchResult'
import { type ImportJob, importJob, useImportProgress } from './import-store'
import { useCancelImport } from './queries'
import css from './Sources.module.css'

/** The running import with its rate, time left and cancel; then its result. */
export function ImportRun({ job }: { job: ImportJob }) {
  const { t, i18n } = useTranslation()
  const progress = useImportProgress(job)
  const cancel = useCancelImport()
  const leave = () => importJob.set(null)
  if (!progress) return <Waiting />
  if (progress.state === 'done' && progress.result) return <BatchResult batch={progress.result} leave={leave} fresh />
  if (progress.state !== 'running') {
    const failed = progress.state === 'failed'
    return (
      <Empty
        page
        icon={<IconX aria-hidden />}
        title={t(failed ? 'import.failed' : 'import.cancelled')}
        hint={failed && progress.error ? sentence(new CoreError(progress.error)) : t('import.nothingKept')}
        action={<Button onClick={leave}>{t('import.backToSources')}</Button>}
      />
    )
  }
  const share = Math.round((progress.share ?? 0) * 100)
  return (
    <div className={page.page}>
      <div className={`${css.box} ${css.run}`} data-testid="import-running">
        <h1 className={page.title}>{t('import.runningTitle', { file: job.fileName })}</h1>
        <Progress value={share} size="lg" radius="sm" aria-label={t('import.running')} mb="sm" />
        <div className={css.runNumbers} role="status">
          <span>{t('import.rows', { rows: progress.rows.toLocaleString(i18n.language) })}</span>
          <span>{t('import.rate', { rate: Math.round(progress.rowsPerSec ?? 0).toLocaleString(i18n.language) })}</span>
          <span>
            {progress.secsLeft === null
              ? t('import.leftUnknown')
              : t('import.leftTime', { time: duration(t, progress.secsLeft) })}
          </span>
        </div>
        <Group justify="space-between" mt="lg">
          <Text size="sm" c="dimmed">
            {t('import.goAway')}
          </Text>
          <Button
            variant="default"
            loading={cancel.isPending}
            data-testid="import-cancel"
            onClick={() => cancel.mutate(job.id, { onError: noticeError })}
          >
            {t('import.cancel')}
          </Button>
        </Group>
      </div>
    </div>
  )
}
