import { useQueryClient } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { notice, noticeError } from '@/components/notice'
import { CoreError } from '@/ipc/errors'
import { importJob, useImportProgress } from './import-store'

/** Stays with a running import wherever the person goes, and says how it ended. */
export function ImportWatch() {
  const { t, i18n } = useTranslation()
  const client = useQueryClient()
  const job = importJob.use()
  const progress = useImportProgress(job)
  const { pathname } = useLocation()
  const told = useRef<string | null>(null)
  const state = progress?.state

  useEffect(() => {
    if (!job || !state || state === 'running' || told.current === job.id) return
    told.current = job.id
    void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'import' })
    if (pathname.startsWith('/sources')) return
    const batch = progress?.result
    if (batch) {
      notice(
        t('import.endedHint', {
          count: batch.new,
          rows: batch.new.toLocaleString(i18n.language),
          tickets: batch.tickets,
          urgent: batch.urgent,
        }),
        t('import.ended', { file: batch.fileName }),
      )
    } else if (progress?.error) {
      noticeError(new CoreError(progress.error))
    }
  }, [job, state, progress, pathname, client, t, i18n.language])

  return null
}
