import {
  Badge,
  Button,
  Group,
  Radio,
  SegmentedControl,
  Select,
  Stack,
  Switch,
  Table,
  Text,
  useMantineColorScheme,
} from '@mantine/core'
import { modals } from '@mantine/modals'
import { IconDatabaseExport, IconDeviceFloppy, IconRestore, IconUserPlus } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { type ReactNode, useEffect, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { Copyable } from '@/components/copyable'
import { notice, noticeError } from '@/components/notice'
import page from '@/components/page.module.css'
import { Failure, Waiting } from '@/components/states'
import { LOCALES } from '@/i18n'
import type { CalendarChoice, Industry, Locale, WorkspaceUpdate } from '@/ipc/bindings'
import { useNow } from '@/lib/now'
import { dayTime } from '@/lib/time'
import { TYPE_SIZES, type TypeSize, useTypeSize } from '@/lib/type-size'
import { NotificationTest } from '../onboarding/Welcome'
import { personDialog } from '../people/PersonDialog'
import { INDUSTRIES } from '../words'
import { useRemoveSample, useSitDown, useUpdateWorkspace, useWorkspace } from '../workspace'
import { useBackupNow, useBackups, useRestore, useSaveCopy } from './queries'
import css from './SettingsPage.module.css'

const route = getRouteApi('/settings')
const SECTIONS = ['general', 'promise', 'people', 'notifications', 'data', 'about'] as const

export function SettingsPage() {
  const { t } = useTranslation()
  const { section } = route.useSearch()
  useEffect(() => {
    if (section) document.getElementById(`section-${section}`)?.scrollIntoView({ block: 'start' })
  }, [section])
  const parts: Record<(typeof SECTIONS)[number], ReactNode> = {
    general: <General />,
    promise: <Promised />,
    people: <People />,
    notifications: <NotificationTest />,
    data: <Data />,
    about: <About />,
  }
  return (
    <div className={page.page}>
      <div className={`${page.column} ${css.column}`}>
        <nav className={css.nav} aria-label={t('settings.title')}>
          <h1 className={page.title}>{t('settings.title')}</h1>
          {SECTIONS.map((name) => (
            <button
              key={name}
              type="button"
              className={css.link}
              onClick={() =>
                document.getElementById(`section-${name}`)?.scrollIntoView({ block: 'start', behavior: 'smooth' })
              }
            >
              {t(`settings.section.${name}`)}
            </button>
          ))}
        </nav>
        <div className={css.sections}>
          {SECTIONS.map((name) => (
            <section key={name} id={`section-${name}`} className={css.section} aria-labelledby={`title-${name}`}>
              <h2 id={`title-${name}`} className={css.title}>
                {t(`settings.section.${name}`)}
              </h2>
              {parts[name]}
            </section>
          ))}
        </div>
      </div>
    </div>
  )
}

function useChange() {
  const { t } = useTranslation()
  const update = useUpdateWorkspace()
  return (change: WorkspaceUpdate) =>
    update.mutate(change, { onError: noticeError, onSuccess: () => notice(t('settings.saved')) })
}

function Field({ label, hint, children }: { label: string; hint?: string; children: (labelId: string) => ReactNode }) {
  const id = useId()
  return (
    <div className={css.field}>
      <div>
        <div id={id} className={css.label}>
          {label}
        </div>
        {hint && <div className={page.quiet}>{hint}</div>}
      </div>
      <div>{children(id)}</div>
    </div>
  )
}

function General() {
  const { t } = useTranslation()
  const { locale, industry } = useWorkspace()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const [size, setSize] = useTypeSize()
  const change = useChange()
  return (
    <>
      <Field label={t('settings.language')}>
        {(id) => (
          <Select
            aria-labelledby={id}
            data={LOCALES.map((one) => ({ value: one, label: t(`locale.${one}`) }))}
            value={locale}
            allowDeselect={false}
            onChange={(value) => value && change({ locale: value as Locale })}
          />
        )}
      </Field>
      <Field label={t('settings.trade')} hint={t('settings.tradeHint')}>
        {(id) => (
          <Select
            aria-labelledby={id}
            data={INDUSTRIES.map((one) => ({ value: one, label: t(`industry.${one}`) }))}
            value={industry}
            allowDeselect={false}
            onChange={(value) => value && change({ industry: value as Industry })}
          />
        )}
      </Field>
      <Field label={t('settings.look')}>
        {(id) => (
          <SegmentedControl
            aria-labelledby={id}
            value={colorScheme}
            onChange={(value) => setColorScheme(value as 'auto' | 'light' | 'dark')}
            data={(['auto', 'light', 'dark'] as const).map((one) => ({
              value: one,
              label: t(`settings.scheme.${one}`),
            }))}
          />
        )}
      </Field>
      <Field label={t('settings.typeSize')}>
        {(id) => (
          <SegmentedControl
            aria-labelledby={id}
            value={size}
            onChange={(value) => setSize(value as TypeSize)}
            data={TYPE_SIZES.map((one) => ({ value: one, label: t(`settings.size.${one}`) }))}
          />
        )}
      </Field>
    </>
  )
}

function Promised() {
  const { t } = useTranslation()
  const { calendar, openNeutral, zone } = useWorkspace()
  const change = useChange()
  return (
    <>
      <Table className={css.promise} verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('settings.tier')}</Table.Th>
            <Table.Th>{t('metric.first_response')}</Table.Th>
            <Table.Th>{t('metric.solution')}</Table.Th>
            <Table.Th>{t('metric.closure')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {(['urgent', 'important', 'general'] as const).map((tier) => (
            <Table.Tr key={tier}>
              <Table.Td>{t(`tier.${tier}`)}</Table.Td>
              <Table.Td>{t(`promise.${tier}.first`)}</Table.Td>
              <Table.Td>{t(`promise.${tier}.solution`)}</Table.Td>
              <Table.Td>{t(`promise.${tier}.closure`)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Field label={t('settings.calendar')} hint={t('settings.calendarHint', { zone })}>
        {(id) => (
          <Radio.Group
            aria-labelledby={id}
            value={calendar}
            onChange={(value) => change({ calendar: value as CalendarChoice })}
          >
            <Stack gap="xs">
              {(['always', 'business'] as const).map((one) => (
                <Radio
                  key={one}
                  value={one}
                  label={t(`calendar.${one}`)}
                  description={t(`calendar.hint.${one}`)}
                  data-testid={`calendar-${one}`}
                />
              ))}
            </Stack>
          </Radio.Group>
        )}
      </Field>
      <Field label={t('settings.neutral')} hint={t('settings.neutralHint')}>
        {(id) => (
          <Switch
            aria-labelledby={id}
            checked={openNeutral}
            data-testid="open-neutral"
            onChange={(event) => change({ openNeutral: event.currentTarget.checked })}
          />
        )}
      </Field>
    </>
  )
}

function People() {
  const { t } = useTranslation()
  const { people, actor } = useWorkspace()
  const sit = useSitDown()
  return (
    <>
      <Text size="sm" c="dimmed" mb="sm">
        {t('people.why')}
      </Text>
      <Stack gap={6}>
        {people.map((person) => (
          <Group key={person.id} justify="space-between" className={css.person}>
            <span>{t('people.nameRole', { name: person.name, role: t(`role.${person.role}`) })}</span>
            {person.id === actor?.id ? (
              <Badge color="brand" variant="light" tt="none">
                {t('people.here')}
              </Badge>
            ) : (
              <Button
                size="compact-sm"
                variant="subtle"
                onClick={() => sit.mutate({ id: person.id, name: null, role: null }, { onError: noticeError })}
              >
                {t('people.switch')}
              </Button>
            )}
          </Group>
        ))}
      </Stack>
      <Button
        mt="sm"
        variant="default"
        leftSection={<IconUserPlus size={16} aria-hidden />}
        onClick={() => personDialog.set({ open: true })}
      >
        {t('people.somebodyNew')}
      </Button>
    </>
  )
}

function size(bytes: number | null): string {
  const mib = (bytes ?? 0) / 1_048_576
  return mib >= 0.1 ? `${mib.toFixed(1)} MB` : `${Math.max(1, Math.round((bytes ?? 0) / 1024))} KB`
}

function Data() {
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
    <>
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
      <Group gap="xs" my="sm">
        <Button
          leftSection={<IconDeviceFloppy size={16} aria-hidden />}
          variant="default"
          loading={make.isPending}
          data-testid="backup-now"
          onClick={() => make.mutate(undefined, { onError: noticeError, onSuccess: () => notice(t('backup.made')) })}
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
    </>
  )
}

function About() {
  const { t } = useTranslation()
  const { version, modelVersion } = useWorkspace()
  return (
    <div className={css.about}>
      <p>{t('about.what')}</p>
      <p>{t('about.local')}</p>
      <p className={page.quiet}>{t('about.version', { version, model: modelVersion })}</p>
    </div>
  )
}
