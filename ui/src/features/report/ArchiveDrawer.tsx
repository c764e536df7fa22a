import { Drawer, Text, UnstyledButton } from '@mantine/core'
import { IconArchive } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Empty, Failure, Waiting } from '@/components/states'
import { useNow } from '@/lib/now'
import { dayTime } from '@/lib/time'
import { useWorkspace } from '../workspace'
import { useArchive } from './queries'
import css from './Report.module.css'

interface Props {
  opened: boolean
  close: () => void
  open: (id: string) => void
}

/** 往期报告: reports as they were when they were made. */
export function ArchiveDrawer({ opened, close, open }: Props) {
  const { t, i18n } = useTranslation()
  const { zone } = useWorkspace()
  const now = useNow()
  const archive = useArchive(opened)
  return (
    <Drawer
      opened={opened}
      onClose={close}
      position="right"
      size="sm"
      title={t('report.archive')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {archive.error ? (
        <Failure error={archive.error} retry={() => void archive.refetch()} />
      ) : !archive.data ? (
        <Waiting />
      ) : archive.data.length === 0 ? (
        <Empty icon={<IconArchive aria-hidden />} title={t('report.archiveNone')} hint={t('report.archiveNoneHint')} />
      ) : (
        <>
          <Text size="sm" c="dimmed" mb="sm">
            {t('report.archiveHint')}
          </Text>
          <ul className={css.archive}>
            {archive.data.map((one) => (
              <li key={one.id}>
                <UnstyledButton
                  className={css.kept}
                  data-unread={one.unread || undefined}
                  data-testid="archived"
                  onClick={() => {
                    close()
                    open(one.id)
                  }}
                >
                  <span className={css.keptTitle}>
                    {one.title}
                    {one.unread && <span className={css.unread}>{t('report.unread')}</span>}
                  </span>
                  <span className={css.quiet}>
                    {t('report.madeAt', { time: dayTime(t, i18n.language, Date.parse(one.madeAt), now, zone) })}
                  </span>
                </UnstyledButton>
              </li>
            ))}
          </ul>
        </>
      )}
    </Drawer>
  )
}
