import { Button, Group, Table, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import { IconDatabaseExport, IconDeviceFloppy, IconRestore } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Copyable } from '@/components/copyable'
import { notice, noticeError } from '@/components/notice'
import { Failure, Waiting } from '@/components/states'
import { useNow } from '@/lib/now'
import { dayTime } from '@/lib/time'
import { useRemoveSample, useWorkspace } from '../workspace'
import { useBackupNow, useBackups, useRestore, useSaveCopy } from './queries'
import { Card, Field, Section } from './Section'

function size(bytes: number | null): string {
  const mib = (bytes ?? 0) / 1_048_576
  return mib >= 0.1 ? `${mib.toFixed(1)} MB` : `${Math.max(1, Math.round((bytes ?? 0) / 1024))} KB`
}

/** 数据与备份: where everything lies, copies of it, and the way back. */
export function Data() {
  const { t, i18n } = useTranslation()
  const { zone, dataFolder, hasSample } = useWorkspace()
  const now = useNow()
  const backups = useBackups()
  const make = useBackupNow()
  const restore = useRestore()
  const copy = useSaveCopy()
  const removeSample = useRemoveSample()

  const ask = (name: string | null, when: string) =>
    modals.openConfirmModal({
      title: t('backup.restoreTitle'),
      children: <Text size="sm">{t(name === null ? 'backup.restoreFileWhat' : 'backup.restoreWhat', { when })}</Text>,
      labels: { confirm: t('backup.restore'), cancel: t('common.cancel') },
      confirmProps: { color: 'urgent' },
      closeButtonProps: { 'aria-label': t('common.close') },
      onConfirm: () =>
        restore.mutate(name, {
          onError: noticeError,
          onSuccess: (restored) => restored !== null && notice(t('backup.restored')),
        }),
    })

  return (
    <Section name="data">
      <Card>
        <Field label={t('backup.folder')} hint={t('backup.folderHint')}>
          {() => <Copyable value={dataFolder} label={t('backup.folder')} />}
        </Field>
        {hasSample && (
          <Field label={t('sources.sampleName')} hint={t('settings.sampleHint')}>
            {() => (
              <Button
                variant="default"
                loading={removeSample.isPending}
                onClick={() =>
                  removeSample.mutate(undefined, {
                    onError: noticeError,
                    onSuccess: () => notice(t('sources.sampleRemoved')),
                  })
                }
              >
                {t('sources.removeSample')}
              </Button>
            )}
          </Field>
        )}
      </Card>
      <Card
        title={t('backup.title')}
        aside={
          <Group gap="xs">
            <Button
              leftSection={<IconDeviceFloppy size={16} aria-hidden />}
              variant="default"
              loading={make.isPending}
              data-testid="backup-now"
              onClick={() =>
                make.mutate(undefined, { onError: noticeError, onSuccess: () => notice(t('backup.made')) })
              }
            >
              {t('backup.now')}
            </Button>
            <Button
              leftSection={<IconDatabaseExport size={16} aria-hidden />}
              variant="default"
              loading={copy.isPending}
              onClick={() =>
                copy.mutate(undefined, {
                  onError: noticeError,
                  onSuccess: (file) => file && notice(t('backup.copied', { name: file.name })),
                })
              }
            >
              {t('backup.saveCopy')}
            </Button>
            <Button
              leftSection={<IconRestore size={16} aria-hidden />}
              variant="default"
              loading={restore.isPending}
              onClick={() => ask(null, '')}
            >
              {t('backup.fromFile')}
            </Button>
          </Group>
        }
      >
        {backups.error ? (
          <Failure error={backups.error} retry={() => void backups.refetch()} />
        ) : !backups.data ? (
          <Waiting />
        ) : backups.data.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t('backup.none')}
          </Text>
        ) : (
          <Table verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('backup.when')}</Table.Th>
                <Table.Th>{t('backup.how')}</Table.Th>
                <Table.Th ta="end">{t('backup.size')}</Table.Th>
                <Table.Th>
                  <span className="vh">{t('sources.actions')}</span>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {backups.data.map((backup) => {
                const when = dayTime(t, i18n.language, Date.parse(backup.at), now, zone)
                return (
                  <Table.Tr key={backup.name} title={backup.name}>
                    <Table.Td>{when}</Table.Td>
                    <Table.Td>{t(backup.automatic ? 'backup.automatic' : 'backup.byHand')}</Table.Td>
                    <Table.Td ta="end">{size(backup.bytes)}</Table.Td>
                    <Table.Td ta="end">
                      <Button
                        size="compact-sm"
                        variant="subtle"
                        onClick={() => ask(backup.name, when)}
                        aria-label={t('backup.restoreOf', { when })}
                        data-testid="backup-restore"
                      >
                        {t('backup.restore')}
                      </Button>
                    </Table.Td>
                  </Table.Tr>
                )
              })}
            </Table.Tbody>
          </Table>
        )}
      </Card>
    </Section>
  )
}
