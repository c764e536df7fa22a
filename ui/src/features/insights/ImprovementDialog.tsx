import { Autocomplete, Button, Group, Modal, Select, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core'
import { DatePickerInput } from '@mantine/dates'
import { IconCalendar } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCalendarWords } from '@/components/calendar-words'
import { notice, noticeError } from '@/components/notice'
import type { Cause, ImprovementInput } from '@/ipc/bindings'
import { plusDays } from '@/lib/days'
import { now } from '@/lib/now'
import { dayIn } from '@/lib/time'
import type { Choices, Improvement } from '../report/whole'
import { CAUSES } from '../words'
import { useWorkspace } from '../workspace'
import { useSaveImprovement } from './queries'

/** What is known of an improvement before it is written; with an id, one that is there already. */
export type NewImprovement = Partial<
  Pick<Improvement, 'id' | 'title' | 'theme' | 'cause' | 'product' | 'shop' | 'expected' | 'owner' | 'dueDay'>
>

/** Long enough to change something, near enough not to be forgotten. */
const DUE_DAYS = 14

interface Props {
  start: NewImprovement
  choices: Choices | undefined
  close: () => void
}

export function ImprovementDialog({ start, choices, close }: Props) {
  const { t } = useTranslation()
  const { people, actor, zone } = useWorkspace()
  const save = useSaveImprovement()
  const calendar = useCalendarWords()
  const [tried, setTried] = useState(false)
  const [form, setForm] = useState(() => ({
    title: start.title ?? '',
    theme: start.theme ?? '',
    cause: start.cause ?? null,
    product: start.product ?? '',
    shop: start.shop ?? '',
    expected: start.expected ?? '',
    owner: (start.id ? start.owner?.id : actor?.id) ?? null,
    dueDay: start.dueDay ?? plusDays(dayIn(now(), zone), DUE_DAYS),
  }))
  const set = (change: Partial<typeof form>) => setForm((before) => ({ ...before, ...change }))
  const title = form.title.trim()
  const submit = () => {
    setTried(true)
    if (title === '') return
    const words = (text: string) => text.trim() || null
    const input: ImprovementInput = {
      id: start.id ?? null,
      title,
      theme: words(form.theme),
      cause: form.cause,
      product: words(form.product),
      shop: words(form.shop),
      expected: form.expected.trim(),
      owner: form.owner,
      dueDay: form.dueDay,
    }
    save.mutate(input, {
      onError: noticeError,
      onSuccess: (saved) => {
        notice(t('improve.saved', { title: saved.title }))
        close()
      },
    })
  }
  return (
    <Modal
      opened
      onClose={close}
      size="lg"
      title={t(start.id ? 'improve.editTitle' : 'improve.newTitle')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <Stack gap="sm">
          <TextInput
            label={t('improve.what')}
            placeholder={t('improve.whatLike')}
            required
            maxLength={100}
            value={form.title}
            error={tried && title === '' ? t('improve.whatMissing') : undefined}
            onChange={(event) => set({ title: event.currentTarget.value })}
            data-autofocus
            data-testid="improve-title"
          />
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
            <Select
              label={t('improve.owner')}
              placeholder={t('ticket.nobody')}
              data={people.map(({ id, name }) => ({ value: id, label: name }))}
              value={form.owner}
              onChange={(owner) => set({ owner })}
              clearable
              clearButtonProps={{ 'aria-label': t('report.clearOne', { what: t('improve.owner') }) }}
            />
            <DatePickerInput
              label={t('improve.due')}
              {...calendar}
              valueFormat="YYYY-MM-DD"
              value={form.dueDay}
              onChange={(dueDay) => dueDay && set({ dueDay })}
              leftSection={<IconCalendar size={16} aria-hidden />}
              popoverProps={{ withinPortal: true }}
              data-testid="improve-due"
            />
            <TextInput
              label={t('theme.theme')}
              description={t('improve.themeHint')}
              maxLength={60}
              value={form.theme}
              onChange={(event) => set({ theme: event.currentTarget.value })}
              data-testid="improve-theme"
            />
            <Select
              label={t('improve.cause')}
              description={t('improve.causeHint')}
              data={CAUSES.map((cause) => ({ value: cause, label: t(`cause.${cause}`) }))}
              value={form.cause}
              onChange={(cause) => set({ cause: cause as Cause | null })}
              clearable
              clearButtonProps={{ 'aria-label': t('report.clearOne', { what: t('improve.cause') }) }}
            />
            <Autocomplete
              label={t('facts.product')}
              data={choices?.products ?? []}
              limit={20}
              value={form.product}
              onChange={(product) => set({ product })}
            />
            <Autocomplete
              label={t('facts.shop')}
              data={(choices?.shops ?? []).filter((shop) => shop !== '')}
              limit={20}
              value={form.shop}
              onChange={(shop) => set({ shop })}
            />
          </SimpleGrid>
          <Textarea
            label={t('improve.expected')}
            placeholder={t('improve.expectedLike')}
            autosize
            minRows={2}
            maxLength={300}
            value={form.expected}
            onChange={(event) => set({ expected: event.currentTarget.value })}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={save.isPending} data-testid="improve-save">
              {t('save.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
