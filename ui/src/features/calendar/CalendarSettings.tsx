import { Button, Group, Modal, SegmentedControl, Select, Switch, Table, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { modals } from '@mantine/modals'
import { IconBuildingStore, IconFileImport } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { notice, noticeError } from '@/components/notice'
import { Failure, Waiting } from '@/components/states'
import type { CalendarRules, CalendarView, DayChange } from '@/ipc/bindings'
import { useNow } from '@/lib/now'
import { dayTime, partsIn } from '@/lib/time'
import { Moves } from '../settings/Moves'
import { SaveBar, unsaved } from '../settings/SaveBar'
import { Card, Field, Section } from '../settings/Section'
import { same, useEdit } from '../settings/use-edit'
import { useWorkspace } from '../workspace'
import { DayEditor } from './DayEditor'
import { dayName, merged } from './days'
import { Holidays } from './Holidays'
import {
  useCalendar,
  useCalendarPreview,
  useCalendars,
  useChooseCalendarFile,
  useForgetCalendar,
  useSaveCalendar,
  useYear,
} from './queries'
import { WeekHours } from './WeekHours'
import { Year } from './Year'

const DEFAULT = ''

/** 工作日历: when the promise counts, for everybody and shop by shop. */
export function CalendarSettings() {
  const { t } = useTranslation()
  const [shop, setShop] = useState<string | null>(null)
  const [asking, setAsking] = useState(false)
  const changed = unsaved.use()
  const calendars = useCalendars()
  const calendar = useCalendar(shop)
  const shops = [...new Set([...(calendars.data ?? []).flatMap((one) => one.shop ?? []), ...(shop ? [shop] : [])])]
  return (
    <Section
      name="calendar"
      wide
      hint={t('worktime.hint')}
      aside={
        <Group gap={8}>
          <Select
            w={200}
            aria-label={t('worktime.whose')}
            data={[
              { value: DEFAULT, label: t('worktime.forAll') },
              ...shops.map((one) => ({ value: one, label: one })),
            ]}
            value={shop ?? DEFAULT}
            allowDeselect={false}
            disabled={changed}
            title={changed ? t('save.first') : undefined}
            data-testid="calendar-shop"
            onChange={(next) => setShop(next || null)}
          />
          <Button
            variant="default"
            leftSection={<IconBuildingStore size={16} aria-hidden />}
            disabled={changed}
            onClick={() => setAsking(true)}
            data-testid="calendar-for-shop"
          >
            {t('worktime.forShop')}
          </Button>
        </Group>
      }
    >
      {calendar.error ? (
        <Failure error={calendar.error} retry={() => void calendar.refetch()} />
      ) : calendar.data ? (
        <Form key={shop ?? DEFAULT} saved={calendar.data} leave={() => setShop(null)} />
      ) : (
        <Waiting />
      )}
      {shop === null && <Holidays locked={changed} />}
      {asking && <ShopDialog choose={setShop} close={() => setAsking(false)} />}
    </Section>
  )
}

function ShopDialog({ choose, close }: { choose: (shop: string) => void; close: () => void }) {
  const { t } = useTranslation()
  const [name, setName] = useState('')
  return (
    <Modal opened onClose={close} title={t('worktime.forShop')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          choose(name.trim())
          close()
        }}
      >
        <TextInput
          label={t('import.shop')}
          description={t('worktime.shopHint')}
          value={name}
          maxLength={80}
          data-autofocus
          data-testid="shop-name"
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" disabled={name.trim() === ''} data-testid="shop-done">
            {t('common.ok')}
          </Button>
        </Group>
      </form>
    </Modal>
  )
}

function Form({ saved, leave }: { saved: CalendarView; leave: () => void }) {
  const { t, i18n } = useTranslation()
  const { zone } = useWorkspace()
  const now = useNow()
  const edit = useEdit(saved, (view) => view.rules)
  const { value: rules, set: setRules, dirty } = edit
  const [settled] = useDebouncedValue(rules, 300)
  const [applyToOpen, setApply] = useState(false)
  const parts = partsIn(now, rules.zone)
  const today = `${parts.year}-${String(parts.month).padStart(2, '0')}-${String(parts.day).padStart(2, '0')}`
  const [year, setYear] = useState(parts.year)
  const [day, setDay] = useState<{ date: string; at: DOMRect } | null>(null)
  // The keyboard goes on where it was.
  const closeDay = () => {
    const date = day?.date
    setDay(null)
    setTimeout(() => document.querySelector<HTMLElement>(`[data-date="${date}"]`)?.focus({ preventScroll: true }))
  }
  const view = useYear(saved.shop, year, rules)
  const save = useSaveCalendar()
  const forget = useForgetCalendar()
  const preview = useCalendarPreview(saved.shop, dirty && !same(settled, saved.rules) ? settled : undefined)
  const change = (next: Partial<CalendarRules>) => setRules({ ...rules, ...next })

  const askForget = () =>
    modals.openConfirmModal({
      title: t('worktime.forgetTitle'),
      children: <Text size="sm">{t('worktime.forgetWhat', { shop: saved.shop })}</Text>,
      labels: { confirm: t('worktime.forget'), cancel: t('common.cancel') },
      closeButtonProps: { 'aria-label': t('common.close') },
      onConfirm: () => forget.mutate(saved.shop ?? '', { onError: noticeError, onSuccess: leave }),
    })

  return (
    <>
      <Card
        title={saved.shop ?? t('worktime.forAll')}
        hint={t(saved.inherited ? 'worktime.inherited' : 'worktime.version', { version: saved.version })}
        aside={
          saved.shop !== null &&
          !saved.inherited && (
            <Button variant="subtle" size="compact-md" onClick={askForget} data-testid="calendar-forget">
              {t('worktime.forget')}
            </Button>
          )
        }
      >
        <Field label={t('settings.calendar')} hint={t(`calendar.hint.${rules.always ? 'always' : 'own'}`)}>
          {(id) => (
            <SegmentedControl
              aria-labelledby={id}
              value={rules.always ? 'always' : 'business'}
              data={(['always', 'business'] as const).map((one) => ({ value: one, label: t(`calendar.${one}`) }))}
              onChange={(value) => change({ always: value === 'always' })}
            />
          )}
        </Field>
        {!rules.always && (
          <Field label={t('worktime.holidays')} hint={t('worktime.holidaysHint')}>
            {(id) => (
              <Switch
                aria-labelledby={id}
                checked={rules.holidays}
                data-testid="calendar-holidays"
                onChange={(event) => change({ holidays: event.currentTarget.checked })}
              />
            )}
          </Field>
        )}
        <Field label={t('worktime.zone')} hint={t('worktime.zoneHint')}>
          {(id) => (
            <Select
              w={220}
              aria-labelledby={id}
              data={[...new Set([rules.zone, ...Intl.supportedValuesOf('timeZone')])]}
              value={rules.zone}
              searchable
              comboboxProps={{ keepMounted: false }}
              allowDeselect={false}
              onChange={(zone) => zone && change({ zone })}
            />
          )}
        </Field>
      </Card>
      {!rules.always && (
        <Card title={t('worktime.week')} hint={t('worktime.weekHint')}>
          <WeekHours weekly={rules.weekly} change={(weekly) => change({ weekly })} />
        </Card>
      )}
      <Card
        title={t('worktime.days')}
        hint={t('worktime.daysHint')}
        aside={<ImportDays shop={saved.shop} rules={rules} change={setRules} />}
      >
        {view.error ? (
          <Failure error={view.error} retry={() => void view.refetch()} />
        ) : view.data ? (
          <Year view={view.data} today={today} setYear={setYear} choose={(date, at) => setDay({ date, at })} />
        ) : (
          <Waiting />
        )}
        {day && <DayEditor key={day.date} {...day} rules={rules} change={setRules} close={closeDay} />}
      </Card>
      {dirty && preview.data && <Difference days={preview.data.days} />}
      {dirty && <Moves preview={preview.data?.apply} />}
      <SaveBar
        dirty={dirty}
        preview={settled === rules ? preview.data?.apply : undefined}
        error={preview.error ?? save.error}
        applyToOpen={applyToOpen}
        setApply={setApply}
        saving={save.isPending}
        newer={
          edit.newer &&
          t('worktime.newer', {
            who: saved.savedBy ?? t('save.somebody'),
            when: saved.savedAt ? dayTime(t, i18n.language, Date.parse(saved.savedAt), now, zone) : '',
            version: saved.version,
          })
        }
        reload={edit.reload}
        keep={edit.keep}
        discard={() => {
          save.reset()
          setRules(saved.rules)
        }}
        save={() =>
          save.mutate(
            { shop: saved.shop, rules, applyToOpen, madeFrom: edit.madeFrom.version },
            {
              onError: noticeError,
              onSuccess: (view) => {
                setRules(view.rules)
                notice(t('settings.saved'))
              },
            },
          )
        }
      />
    </>
  )
}

/** Days from a calendar file; they are only shown until somebody saves. */
function ImportDays({
  shop,
  rules,
  change,
}: {
  shop: string | null
  rules: CalendarRules
  change: (rules: CalendarRules) => void
}) {
  const { t } = useTranslation()
  const choose = useChooseCalendarFile()
  return (
    <Button
      variant="default"
      size="compact-md"
      leftSection={<IconFileImport size={16} aria-hidden />}
      loading={choose.isPending}
      data-testid="calendar-import"
      onClick={() =>
        choose.mutate(shop, {
          onError: noticeError,
          onSuccess: (file) => {
            if (!file) return
            change(merged(rules, file.added))
            notice(
              t('worktime.imported', { count: file.added.length }),
              file.skipped.length > 0
                ? t('worktime.skipped', { count: file.skipped.length, first: file.skipped[0] })
                : file.name,
            )
          },
        })
      }
    >
      {t('worktime.import')}
    </Button>
  )
}

const SHOWN = 30

/** Which days change, before anything is saved. */
function Difference({ days }: { days: DayChange[] }) {
  const { t, i18n } = useTranslation()
  if (days.length === 0) return null
  return (
    <Card
      title={t('worktime.difference', { count: days.length })}
      hint={days.length > SHOWN ? t('worktime.differenceFirst', { count: SHOWN }) : undefined}
    >
      <Table verticalSpacing={5} data-testid="day-changes">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('worktime.date')}</Table.Th>
            <Table.Th>{t('worktime.was')}</Table.Th>
            <Table.Th>{t('worktime.becomes')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {days.slice(0, SHOWN).map((day) => (
            <Table.Tr key={day.date}>
              <Table.Td>
                {day.date.slice(0, 4)} {dayName(i18n.language, day.date)}
              </Table.Td>
              <Table.Td>{day.from}</Table.Td>
              <Table.Td>{day.to}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  )
}
