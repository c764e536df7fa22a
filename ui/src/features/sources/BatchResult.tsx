import { Alert, Badge, Button, Table } from '@mantine/core'
import { IconArrowLeft, IconDownload, IconInfoCircle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { notice, noticeError } from '@/components/notice'
import page from '@/components/page.module.css'
import type { BatchView } from '@/ipc/bindings'
import { useImportNote } from './notes'
import { useSaveRejected } from './queries'
import css from './Sources.module.css'
import { TableFrame } from './TableFrame'

/** What an import did, in numbers, with the rows that could not come in. */
export function BatchResult({ batch, leave, fresh }: { batch: BatchView; leave: () => void; fresh?: boolean }) {
  const { t, i18n } = useTranslation()
  const note = useImportNote()
  const save = useSaveRejected()
  const numbers = ['read', 'new', 'updated', 'unchanged', 'history', 'tickets', 'urgent', 'rejected'] as const
  return (
    <div className={page.page}>
      <div className={page.column} data-testid="import-result">
        {!fresh && (
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconArrowLeft size={15} aria-hidden />}
            onClick={leave}
            mb="xs"
          >
            {t('import.backToSources')}
          </Button>
        )}
        <h1 className={page.title}>
          {t(fresh ? 'result.title' : 'result.past', { file: batch.sample ? t('sources.sampleName') : batch.fileName })}{' '}
          {batch.undone && (
            <Badge color="gray" variant="default">
              {t('sources.wasUndone')}
            </Badge>
          )}
        </h1>
        <dl className={css.numbers}>
          {numbers.map((name) => (
            <div
              key={name}
              className={css.number}
              data-hot={(name === 'urgent' && batch.urgent > 0) || undefined}
              data-testid={`result-${name}`}
            >
              <dt>{t(`result.${name}`)}</dt>
              <dd>{batch[name].toLocaleString(i18n.language)}</dd>
            </div>
          ))}
        </dl>
        <p className={page.quiet}>{t('result.historyHint')}</p>
        {batch.warnings.length > 0 && (
          <Alert color="gray" variant="default" icon={<IconInfoCircle size={18} aria-hidden />} mt="md">
            {batch.warnings.map((warning) => (
              <div key={`${warning.code}-${warning.row}`}>{note(warning)}</div>
            ))}
          </Alert>
        )}
        {batch.rejected > 0 && (
          <>
            <h2 className={page.section}>{t('result.rejectedTitle', { count: batch.rejected })}</h2>
            <TableFrame label={t('result.rejectedTitle', { count: batch.rejected })}>
              <Table verticalSpacing={6}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th w={90}>{t('import.row')}</Table.Th>
                    <Table.Th>{t('result.reason')}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {batch.rejects.map((reject) => (
                    <Table.Tr key={`${reject.row}-${reject.code}`}>
                      <Table.Td>{reject.row}</Table.Td>
                      <Table.Td>{note(reject, 'reject')}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </TableFrame>
            <Button
              mt="sm"
              variant="default"
              leftSection={<IconDownload size={16} aria-hidden />}
              loading={save.isPending}
              data-testid="rejected-save"
              onClick={() =>
                save.mutate(batch.id, {
                  onError: noticeError,
                  onSuccess: (file) => file && notice(t('result.saved', { name: file.name, count: file.rows })),
                })
              }
            >
              {t('result.download')}
            </Button>
          </>
        )}
        <div className={css.sticky}>
          {fresh && (
            <Button variant="default" onClick={leave}>
              {t('result.another')}
            </Button>
          )}
          <span className={css.space} />
          <Button
            size="md"
            data-testid="import-done"
            renderRoot={(props) => (
              <Link
                to="/inbox"
                search={{ view: batch.urgent > 0 && fresh ? 'urgent' : 'mine' }}
                {...props}
                onClick={leave}
              />
            )}
          >
            {t('result.toInbox')}
          </Button>
        </div>
      </div>
    </div>
  )
}
