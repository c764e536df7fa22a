import { Alert, Button, Checkbox, NumberInput, Select, Table, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconAlertTriangle, IconCheck, IconInfoCircle, IconQuestionMark } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { sentence } from '@/components/notice'
import page from '@/components/page.module.css'
import { Stars } from '@/components/stars'
import { Failure, Waiting } from '@/components/states'
import type { FilePick, ImportOptions, ImportPlan, ReviewChannel } from '@/ipc/bindings'
import { useNow } from '@/lib/now'
import { dayOnly, dayTime } from '@/lib/time'
import { CHANNELS } from '../words'
import { useWorkspace } from '../workspace'
import { pickedFile } from './import-store'
import { useImportNote } from './notes'
import { usePlan, useStartImport } from './queries'
import css from './Sources.module.css'
import { TableFrame } from './TableFrame'

const ENCODINGS = ['utf-8', 'gb18030', 'utf-16le', 'utf-16be', 'big5', 'windows-1252']
const IGNORE = '-'

/** What the file holds, before anything is written: found settings, mapping, ten rows. Every finding can be changed. */
export function ImportPreview({ file }: { file: FilePick }) {
  const { t } = useTranslation()
  const [options, setOptions] = useState<ImportOptions>({})
  const [settled] = useDebouncedValue(options, 250)
  const plan = usePlan(file, settled)
  const start = useStartImport()
  const change = (next: Partial<ImportOptions>) => setOptions((now) => ({ ...now, ...next }))
  const leave = () => pickedFile.set(null)

  if (!plan.data) {
    return (
      <div className={page.page}>
        <div className={page.column}>
          <h1 className={page.title}>{file.name}</h1>
          {plan.error ? (
            <>
              <Failure error={plan.error} retry={() => void plan.refetch()} />
              <Text ta="center">
                <Button variant="subtle" onClick={leave} data-testid="import-other">
                  {t('import.otherFile')}
                </Button>
              </Text>
            </>
          ) : (
            <Waiting />
          )}
        </div>
      </div>
    )
  }

  const found = plan.data
  const blocked = found.questions.length > 0 || plan.isFetching || options !== settled || plan.error !== null
  return (
    <div className={page.page}>
      <div className={page.column}>
        <h1 className={page.title}>{t('import.previewTitle', { file: file.name })}</h1>
        {plan.error && (
          <Alert color="red" variant="light" icon={<IconAlertTriangle size={18} aria-hidden />} mb="md" role="alert">
            {sentence(plan.error)}
          </Alert>
        )}
        <Found plan={found} />
        <Questions plan={found} options={options} change={change} />
        <Settings plan={found} options={options} change={change} />
        <h2 className={page.section}>{t('import.firstRows')}</h2>
        <Rows plan={found} />
        <h2 className={page.section}>{t('import.mapping')}</h2>
        <p className={page.quiet}>{t('import.mappingHint')}</p>
        <Mapping plan={found} options={options} change={change} />
        <div className={css.sticky}>
          <Button variant="default" onClick={leave}>
            {t('common.cancel')}
          </Button>
          <Text size="sm" c="dimmed">
            {t('import.nothingYet')}
          </Text>
          <span className={css.space} />
          {start.error && (
            <Text size="sm" c="var(--urgent)" role="alert">
              {sentence(start.error)}
            </Text>
          )}
          <Button
            size="md"
            disabled={blocked}
            loading={start.isPending}
            data-testid="import-start"
            onClick={() => start.mutate({ file, options })}
          >
            {found.rowsEstimate === null
              ? t('import.start')
              : t('import.startRows', { rows: found.rowsEstimate.toLocaleString() })}
          </Button>
        </div>
      </div>
    </div>
  )
}

function Found({ plan }: { plan: ImportPlan }) {
  const { t, i18n } = useTranslation()
  const { zone } = useWorkspace()
  const now = useNow()
  const note = useImportNote()
  const facts = [
    plan.format.toUpperCase(),
    plan.encoding?.toUpperCase(),
    plan.sheet && t('import.sheetIs', { sheet: plan.sheet }),
    t('import.headerRow', { row: plan.headerRow }),
    t(`scale.${plan.scale}`),
  ].filter(Boolean)
  return (
    <>
      <p className={page.quiet} data-testid="import-found">
        {facts.join(' · ')}
      </p>
      {plan.importedBefore && (
        <Alert color="blue" variant="light" icon={<IconInfoCircle size={18} aria-hidden />} mb="sm">
          {t('import.before', { time: dayTime(t, i18n.language, Date.parse(plan.importedBefore), now, zone) })}
        </Alert>
      )}
      {plan.warnings.length > 0 && (
        <Alert color="gray" variant="default" icon={<IconInfoCircle size={18} aria-hidden />} mb="md">
          {plan.warnings.map((warning) => (
            <div key={`${warning.code}-${warning.row}`}>{note(warning)}</div>
          ))}
        </Alert>
      )}
    </>
  )
}

interface Editing {
  plan: ImportPlan
  options: ImportOptions
  change: (next: Partial<ImportOptions>) => void
}

const ANSWER: Record<string, keyof ImportOptions> = {
  date_order: 'dateOrder',
  sheet: 'sheet',
  member: 'member',
  scale: 'scale',
  shop: 'shop',
  channel: 'channel',
  encoding: 'encoding',
  zone: 'zone',
}

/** What only a person can decide; the import waits for it. An answered question stays, so that it can be changed. */
function Questions({ plan, options, change }: Editing) {
  const { t, i18n } = useTranslation()
  const [asked, setAsked] = useState(plan.questions)
  const fresh = plan.questions.filter((question) => !asked.some(({ code }) => code === question.code))
  if (fresh.length > 0) setAsked([...asked, ...fresh])
  const open = new Set(plan.questions.map(({ code }) => code))
  const shown = asked.filter(({ code }) => open.has(code) || options[ANSWER[code] ?? 'zone'] != null)
  if (shown.length === 0) return null
  return (
    <Alert
      color={plan.questions.length > 0 ? 'orange' : 'brand'}
      variant="light"
      icon={
        plan.questions.length > 0 ? <IconQuestionMark size={18} aria-hidden /> : <IconCheck size={18} aria-hidden />
      }
      mb="md"
      title={t(plan.questions.length > 0 ? 'import.questions' : 'import.answered')}
    >
      <div className={css.options}>
        {shown.map((question) => {
          const field = ANSWER[question.code]
          const label =
            i18n.language === 'zh-CN'
              ? question.text
              : t([`import.question.${question.code}`], { defaultValue: question.text })
          if (!field) return <Text key={question.code}>{label}</Text>
          const value = (options[field] as string | null | undefined) ?? null
          if (question.choices.length === 0) {
            return (
              <TextInput
                key={question.code}
                label={label}
                value={value ?? ''}
                data-testid={`question-${question.code}`}
                onChange={(event) => change({ [field]: event.currentTarget.value || null })}
              />
            )
          }
          return (
            <Select
              key={question.code}
              label={label}
              value={value}
              data={question.choices.map((choice) => ({
                value: choice,
                label: t([`import.choice.${choice}`, `channel.${choice}`, `scale.${choice}`], { defaultValue: choice }),
              }))}
              data-testid={`question-${question.code}`}
              onChange={(next) => change({ [field]: next })}
            />
          )
        })}
      </div>
    </Alert>
  )
}

function Settings({ plan, options, change }: Editing) {
  const { t } = useTranslation()
  const days = options.openDays ?? null
  return (
    <div className={css.box}>
      <div className={css.options}>
        <Select
          label={t('import.channel')}
          description={plan.channelCertain ? t('import.channelCertain') : t('import.channelGuess')}
          data={CHANNELS.map((channel) => ({ value: channel, label: t(`channel.${channel}`) }))}
          value={options.channel ?? plan.channel}
          allowDeselect={false}
          searchable
          data-testid="import-channel"
          onChange={(channel) => change({ channel: channel as ReviewChannel | null })}
        />
        <TextInput
          label={t('import.shop')}
          description={t('import.shopHint')}
          value={options.shop ?? ''}
          data-testid="import-shop"
          onChange={(event) => change({ shop: event.currentTarget.value || null })}
        />
        {plan.encoding !== null && (
          <Select
            label={t('import.encoding')}
            description={t('import.encodingHint')}
            data={[...new Set([plan.encoding, ...ENCODINGS])].map((encoding) => ({
              value: encoding,
              label: encoding.toUpperCase(),
            }))}
            value={options.encoding ?? plan.encoding}
            allowDeselect={false}
            data-testid="import-encoding"
            onChange={(encoding) => change({ encoding })}
          />
        )}
      </div>
      <div className={css.bar} style={{ marginBlockStart: 14 }}>
        <Checkbox
          label={t('import.openDays')}
          checked={days !== null}
          data-testid="import-open"
          onChange={(event) => change({ openDays: event.currentTarget.checked ? 7 : null })}
        />
        <NumberInput
          w={84}
          size="xs"
          min={1}
          max={365}
          clampBehavior="strict"
          disabled={days === null}
          value={days ?? 3}
          aria-label={t('import.openDaysNumber')}
          data-testid="import-open-days"
          onChange={(value) => change({ openDays: Math.max(1, Number(value) || 1) })}
        />
        <Text size="sm" c="dimmed">
          {days === null ? t('import.openDaysDefault') : t('import.openDaysHint', { count: days })}
        </Text>
      </div>
    </div>
  )
}

function Mapping({ plan, options, change }: Editing) {
  const { t } = useTranslation()
  const set = (index: number, field: string | null) =>
    change({
      mapping: plan.columns.map((column) => ({
        index: column.index,
        field: column.index === index ? field : column.field,
      })),
    })
  const name = (field: string) => t(`field.${field}`, { defaultValue: field })
  return (
    <TableFrame label={t('import.mapping')}>
      <Table className={css.table} verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('import.column')}</Table.Th>
            <Table.Th>{t('import.samples')}</Table.Th>
            <Table.Th w={220}>{t('import.becomes')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {plan.columns.map((column) => {
            const chosen = options.mapping?.find(({ index }) => index === column.index)
            const field = chosen ? chosen.field : column.field
            return (
              <Table.Tr key={column.index} data-field={field ?? undefined}>
                <Table.Td fw={550}>{column.header || t('import.noHeader', { number: column.index + 1 })}</Table.Td>
                <Table.Td>
                  <div className={css.cell}>{column.samples.filter(Boolean).join(' ／ ') || '—'}</div>
                </Table.Td>
                <Table.Td>
                  <Select
                    size="xs"
                    aria-label={t('import.becomesOf', { column: column.header })}
                    data={[
                      { value: IGNORE, label: t('import.ignore') },
                      ...plan.fields.map((one) => ({ value: one, label: name(one) })),
                    ]}
                    value={field ?? IGNORE}
                    allowDeselect={false}
                    searchable
                    onChange={(next) => set(column.index, next === IGNORE ? null : next)}
                  />
                </Table.Td>
              </Table.Tr>
            )
          })}
        </Table.Tbody>
      </Table>
    </TableFrame>
  )
}

function Rows({ plan }: { plan: ImportPlan }) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const time = (iso: string | null, precision: string | null) => {
    if (iso === null) return t('review.noTime')
    const at = Date.parse(iso)
    return precision === 'day' || precision === 'month'
      ? dayOnly(t, i18n.language, at, now, plan.zone)
      : dayTime(t, i18n.language, at, now, plan.zone)
  }
  return (
    <TableFrame label={t('import.firstRows')}>
      <Table className={css.table} verticalSpacing={6} data-testid="import-preview">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('import.row')}</Table.Th>
            <Table.Th>{t('field.posted')}</Table.Th>
            <Table.Th>{t('field.rating')}</Table.Th>
            <Table.Th>{t('field.body')}</Table.Th>
            <Table.Th>{t('field.order_id')}</Table.Th>
            <Table.Th>{t('field.product')}</Table.Th>
            <Table.Th>{t('field.shop')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {plan.preview.map((row) => (
            <Table.Tr key={row.row}>
              <Table.Td c="dimmed">{row.row}</Table.Td>
              <Table.Td style={{ whiteSpace: 'nowrap' }}>{time(row.postedAt, row.precision)}</Table.Td>
              <Table.Td>
                <Stars stars={row.stars} polarity={row.polarity} />
              </Table.Td>
              <Table.Td>
                <div className={css.cell} title={row.body}>
                  {row.append && `${t('review.append')} `}
                  {row.body || t('review.noText')}
                </div>
                {row.hasReply && <div className={css.small}>{t('import.hasReply')}</div>}
              </Table.Td>
              <Table.Td className={css.whole}>{row.orderId ?? '—'}</Table.Td>
              <Table.Td>
                <div className={css.cell}>{row.product ?? '—'}</div>
              </Table.Td>
              <Table.Td className={css.whole}>{row.shop ?? '—'}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableFrame>
  )
}
