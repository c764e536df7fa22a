import { Badge, Button, Table, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import { IconFileImport, IconFolderOpen } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { notice, noticeError } from '@/components/notice'
import page from '@/components/page.module.css'
import { Failure, Waiting } from '@/components/states'
import type { BatchView } from '@/ipc/bindings'
import { useNow } from '@/lib/now'
import { dayTime } from '@/lib/time'
import { useLoadSample, useRemoveSample, useWorkspace } from '../workspace'
import { BatchResult } from './BatchResult'
import { OrdersCard } from './OrdersCard'
import { useBatches, useChooseFile, useRestoreBatch, useUndoBatch } from './queries'
import css from './Sources.module.css'
import { TableFrame } from './TableFrame'

export function SourcesHome() {
  const { t } = useTranslation()
  const { hasSample, isEmpty } = useWorkspace()
  const choose = useChooseFile()
  const sample = useLoadSample()
  const remove = useRemoveSample()
  const batches = useBatches()
  const [shown, setShown] = useState<string | null>(null)
  const batch = batches.data?.find(({ id }) => id === shown)

  if (batch) return <BatchResult batch={batch} leave={() => setShown(null)} />

  return (
    <div className={page.page}>
      <div className={page.column}>
        <h1 className={page.title}>{t('sources.title')}</h1>
        <section className={css.drop} aria-label={t('sources.bring')}>
          <IconFileImport size={36} stroke={1.5} aria-hidden />
          <div>
            <h2 className={css.dropTitle}>{t('sources.dropTitle')}</h2>
            <p className={css.hint}>{t('sources.dropHint')}</p>
          </div>
          <div className={css.buttons}>
            <Button
              size="md"
              leftSection={<IconFolderOpen size={18} aria-hidden />}
              loading={choose.isPending}
              data-testid="choose-file"
              onClick={() => choose.mutate(undefined, { onError: noticeError })}
            >
              {t('sources.choose')}
            </Button>
            {hasSample ? (
              <Button
                variant="subtle"
                loading={remove.isPending}
                data-testid="remove-sample"
                onClick={() =>
                  remove.mutate(undefined, {
                    onError: noticeError,
                    onSuccess: () => notice(t('sources.sampleRemoved')),
                  })
                }
              >
                {t('sources.removeSample')}
              </Button>
            ) : (
              isEmpty && (
                <Button
                  variant="subtle"
                  loading={sample.isPending}
                  data-testid="load-sample"
                  onClick={() =>
                    sample.mutate(undefined, {
                      onError: noticeError,
                      onSuccess: () => notice(t('sources.sampleLoaded')),
                    })
                  }
                >
                  {t('sources.loadSample')}
                </Button>
              )
            )}
          </div>
        </section>

        <OrdersCard />

        <h2 className={page.section}>{t('sources.past')}</h2>
        {batches.error ? (
          <Failure error={batches.error} retry={() => void batches.refetch()} />
        ) : !batches.data ? (
          <Waiting />
        ) : batches.data.length === 0 ? (
          <Text c="dimmed">{t('sources.noPast')}</Text>
        ) : (
          <TableFrame label={t('sources.past')}>
            <Table verticalSpacing="sm" highlightOnHover className={css.table}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('sources.file')}</Table.Th>
                  <Table.Th>{t('sources.when')}</Table.Th>
                  <Table.Th ta="end">{t('result.read')}</Table.Th>
                  <Table.Th ta="end">{t('result.new')}</Table.Th>
                  <Table.Th ta="end">{t('result.tickets')}</Table.Th>
                  <Table.Th ta="end">{t('result.rejected')}</Table.Th>
                  <Table.Th>
                    <span className="vh">{t('sources.actions')}</span>
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {batches.data.map((one) => (
                  <BatchRow key={one.id} batch={one} show={() => setShown(one.id)} />
                ))}
              </Table.Tbody>
            </Table>
          </TableFrame>
        )}
      </div>
    </div>
  )
}

function BatchRow({ batch, show }: { batch: BatchView; show: () => void }) {
  const { t, i18n } = useTranslation()
  const { zone } = useWorkspace()
  const now = useNow()
  const undo = useUndoBatch()
  const restore = useRestoreBatch()
  const ask = () =>
    modals.openConfirmModal({
      title: t('sources.undoTitle'),
      children: (
        <Text size="sm">
          {t('sources.undoWhat', { file: batch.fileName, count: batch.new, tickets: batch.tickets })}
        </Text>
      ),
      labels: { confirm: t('sources.undo'), cancel: t('common.cancel') },
      confirmProps: { color: 'urgent' },
      closeButtonProps: { 'aria-label': t('common.close') },
      onConfirm: () =>
        undo.mutate(batch.id, {
          onError: noticeError,
          onSuccess: () => notice(t('sources.undone', { file: batch.fileName })),
        }),
    })
  return (
    <Table.Tr data-testid="batch" data-batch-id={batch.id} data-undone={batch.undone || undefined}>
      <Table.Td>
        <button type="button" className={css.fileName} onClick={show}>
          {batch.sample ? t('sources.sampleName') : batch.fileName}
        </button>
        <div className={css.small}>
          {[t(`channel.${batch.channel}`), batch.format.toUpperCase(), batch.encoding?.toUpperCase()]
            .filter(Boolean)
            .join(' · ')}
          {batch.undone && (
            <Badge size="sm" color="gray" variant="light" ml={6}>
              {t('sources.wasUndone')}
            </Badge>
          )}
        </div>
      </Table.Td>
      <Table.Td>
        {dayTime(t, i18n.language, Date.parse(batch.at), now, zone)}
        {batch.by && <div className={css.small}>{batch.by}</div>}
      </Table.Td>
      <Table.Td ta="end">{batch.read.toLocaleString(i18n.language)}</Table.Td>
      <Table.Td ta="end">{batch.new.toLocaleString(i18n.language)}</Table.Td>
      <Table.Td ta="end">{batch.tickets.toLocaleString(i18n.language)}</Table.Td>
      <Table.Td ta="end">{batch.rejected.toLocaleString(i18n.language)}</Table.Td>
      <Table.Td ta="end">
        <div className={css.rowButtons}>
          <Button size="compact-sm" variant="subtle" onClick={show}>
            {t('sources.details')}
          </Button>
          {batch.undone && (
            <Button
              size="compact-sm"
              variant="subtle"
              loading={restore.isPending}
              onClick={() =>
                restore.mutate(batch.id, {
                  onError: noticeError,
                  onSuccess: () => notice(t('sources.restored', { file: batch.fileName })),
                })
              }
              data-testid="batch-restore"
            >
              {t('sources.restore')}
            </Button>
          )}
          {!batch.undone && !batch.sample && (
            <Button
              size="compact-sm"
              variant="subtle"
              color="urgent"
              loading={undo.isPending}
              onClick={ask}
              data-testid="batch-undo"
            >
              {t('sources.undo')}
            </Button>
          )}
        </div>
      </Table.Td>
    </Table.Tr>
  )
}
