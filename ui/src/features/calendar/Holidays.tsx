import { Badge, Button, Checkbox, Group, Modal, Stack, Table, Text } from '@mantine/core'
import { IconFileImport } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isConflict } from '@/components/changed-meanwhile'
import { notice, noticeError, sentence } from '@/components/notice'
import type { HolidayChange, HolidayPreview, SpecialKind } from '@/ipc/bindings'
import { useNow } from '@/lib/now'
import { dayTime } from '@/lib/time'
import { Card } from '../settings/Section'
import { useWorkspace } from '../workspace'
import css from './Calendar.module.css'
import { dayName } from './days'
import { useChooseHolidays, useHolidays, useSaveHolidays } from './queries'

/** 放假安排: which years are known, and a yearly file that counts for every calendar that follows the holidays. */
export function Holidays({ locked }: { locked: boolean }) {
  const { t, i18n } = useTranslation()
  const { zone } = useWorkspace()
  const now = useNow()
  const holidays = useHolidays()
  const choose = useChooseHolidays()
  const [preview, setPreview] = useState<HolidayPreview | null>(null)
  const known = holidays.data
  if (!known) return null
  const imported =
    known.source &&
    known.savedAt &&
    t('holiday.imported', {
      source: known.source,
      who: known.savedBy ?? t('save.somebody'),
      when: dayTime(t, i18n.language, Date.parse(known.savedAt), now, zone),
      version: known.version,
    })
  return (
    <Card
      title={t('holiday.title')}
      hint={imported ?? t('holiday.hint')}
      aside={
        <Button
          variant="default"
          size="compact-md"
          leftSection={<IconFileImport size={16} aria-hidden />}
          loading={choose.isPending}
          disabled={locked}
          title={locked ? t('save.first') : undefined}
          data-testid="holiday-import"
          onClick={() =>
            choose.mutate(undefined, { onError: noticeError, onSuccess: (found) => found && setPreview(found) })
          }
        >
          {t('holiday.import')}
        </Button>
      }
    >
      <ul className={css.years} data-testid="holiday-years">
        {known.years.map(({ year, notice, imported }) => (
          <li key={year}>
            <b>{t('worktime.year', { year: String(year) })}</b>
            <span>{notice}</span>
            {imported && (
              <Badge variant="light" color="gray" tt="none" size="sm">
                {t('holiday.byFile')}
              </Badge>
            )}
          </li>
        ))}
        {known.missing !== null && (
          <li className={css.missing} data-testid="holiday-missing">
            <b>{t('worktime.year', { year: String(known.missing) })}</b>
            <span>{t('holiday.missing')}</span>
          </li>
        )}
      </ul>
      {preview && <PreviewDialog preview={preview} close={() => setPreview(null)} />}
    </Card>
  )
}

function PreviewDialog({ preview, close }: { preview: HolidayPreview; close: () => void }) {
  const { t, i18n } = useTranslation()
  const [applyToOpen, setApply] = useState(true)
  const save = useSaveHolidays()
  const say = (kind: SpecialKind | null) => t(`holiday.kind.${kind ?? 'none'}`)
  const { changes, apply, shops, everybody } = preview
  const whose = [...(everybody ? [t('worktime.forAll')] : []), ...shops]
  const years = preview.years.map(({ year }) => t('worktime.year', { year: String(year) })).join(t('common.and'))
  const submit = () =>
    save.mutate(
      { ...preview.save, applyToOpen: applyToOpen && apply.moved > 0 },
      {
        onSuccess: () => {
          notice(t('holiday.saved', { years }))
          close()
        },
      },
    )
  return (
    <Modal
      opened
      onClose={close}
      size="lg"
      title={t('holiday.previewTitle', { source: preview.save.source })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack gap="sm">
        <Text size="sm">
          {changes.length === 0
            ? t('holiday.nothingNew', { years })
            : t('holiday.changes', { years, count: changes.length })}{' '}
          {whose.length > 0 ? t('holiday.whose', { whose: whose.join(t('common.and')) }) : t('holiday.nobodys')}
        </Text>
        {changes.length > 0 && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
          <section className={css.changes} aria-label={t('holiday.list')} tabIndex={0}>
            <Table verticalSpacing={4} stickyHeader data-testid="holiday-changes">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('worktime.date')}</Table.Th>
                  <Table.Th>{t('holiday.name')}</Table.Th>
                  <Table.Th>{t('worktime.was')}</Table.Th>
                  <Table.Th>{t('worktime.becomes')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {changes.map((one: HolidayChange) => (
                  <Table.Tr key={one.date}>
                    <Table.Td>
                      {one.date.slice(0, 4)} {dayName(i18n.language, one.date)}
                    </Table.Td>
                    <Table.Td>{one.name}</Table.Td>
                    <Table.Td>{one.assumed ? t('holiday.assumed', { what: say(one.from) }) : say(one.from)}</Table.Td>
                    <Table.Td fw={600}>{say(one.to)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </section>
        )}
        {preview.skipped.length > 0 && (
          <Text size="sm" c="dimmed">
            {t('worktime.skipped', { count: preview.skipped.length, first: preview.skipped[0] })}
          </Text>
        )}
        {apply.moved > 0 ? (
          <Checkbox
            label={t('holiday.applyToOpen', { count: apply.moved, late: apply.late })}
            checked={applyToOpen}
            onChange={(event) => setApply(event.currentTarget.checked)}
          />
        ) : (
          <Text size="sm" c="dimmed">
            {t('save.movesNone', { open: apply.open })}
          </Text>
        )}
        <Text size="sm" c="dimmed">
          {t('holiday.back')}
        </Text>
        {save.error && (
          <Text size="sm" c="var(--urgent)" role="alert">
            {isConflict(save.error) ? t('holiday.again') : sentence(save.error)}
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button
            onClick={submit}
            loading={save.isPending}
            disabled={changes.length === 0 || isConflict(save.error)}
            data-testid="holiday-save"
          >
            {t('holiday.use')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
