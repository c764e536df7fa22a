import { Button, Table } from '@mantine/core'
import { IconAlertTriangle, IconBell, IconCheck, IconCircleCheck, IconSun } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Countdown } from '@/components/countdown'
import { Marked } from '@/components/marked'
import page from '@/components/page.module.css'
import { Empty, Failure, Waiting } from '@/components/states'
import { TierBadge } from '@/components/tier'
import type { InboxRow, PersonLoad, SourceHealth, TodayView } from '@/ipc/bindings'
import { useNow } from '@/lib/now'
import { dayTime, partsIn } from '@/lib/time'
import type { InboxSearch } from '@/routes/router'
import { alertCentre } from '../alerts/AlertCentre'
import { NOBODY } from '../inbox/views'
import { Duty, Handover } from '../shifts/DutyCard'
import { useWorkspace } from '../workspace'
import { Count } from './Count'
import { HourLoadCard } from './HourLoadCard'
import { useToday } from './queries'
import css from './Today.module.css'

/** More would push the load out of sight. */
const NEAREST = 6

/** 今日: are we all right? */
export function TodayPage() {
  const { t, i18n } = useTranslation()
  const { zone, isEmpty } = useWorkspace()
  const now = useNow()
  const today = useToday()
  if (isEmpty) {
    return (
      <Empty
        page
        icon={<IconSun aria-hidden />}
        title={t('today.nothingYet')}
        hint={t('today.nothingYetHint')}
        action={<Button renderRoot={(props) => <Link to="/sources" {...props} />}>{t('inbox.bring')}</Button>}
      />
    )
  }
  if (today.error && !today.data) return <Failure error={today.error} retry={() => void today.refetch()} />
  if (!today.data) return <Waiting />
  const data = today.data
  const date = new Intl.DateTimeFormat(i18n.language, {
    timeZone: zone,
    month: 'long',
    day: 'numeric',
    weekday: 'long',
  }).format(now)
  return (
    <div className={page.page}>
      <div className={css.column}>
        <header className={css.head}>
          <h1 className={css.title}>
            {t('nav.today')} <span>{date}</span>
          </h1>
          <Verdict today={data} />
        </header>
        <Figures today={data} />
        <div className={css.columns}>
          <div className={css.main}>
            <Card
              title={t('today.breaching')}
              aside={
                <Link to="/inbox" search={{ view: 'open' }}>
                  {t('today.all')}
                </Link>
              }
            >
              <Breaching rows={data.breaching.slice(0, NEAREST)} />
            </Card>
            <Card title={t('today.load')}>
              <HourLoadCard hours={data.hours} hourNow={partsIn(now, zone).hour} />
            </Card>
          </div>
          <div className={css.aside}>
            <Card title={t('duty.now')} aside={<Link to="/settings/shifts">{t('today.roster')}</Link>}>
              <Duty duty={data.duty} />
              <Handover duty={data.duty} />
            </Card>
            <Card title={t('today.people')}>
              <Loads loads={data.loads} />
            </Card>
            <Card title={t('today.sources')} aside={<Link to="/sources">{t('nav.sources')}</Link>}>
              <Sources sources={data.sources} />
            </Card>
          </div>
        </div>
      </div>
    </div>
  )
}

function Card({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className={css.card} aria-label={title}>
      <div className={css.cardHead}>
        <h2>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}

/** One sentence that answers the question of the screen. */
function Verdict({ today }: { today: TodayView }) {
  const { t } = useTranslation()
  const bad = today.overdue > 0
  const near = today.atRisk > 0
  const Icon = bad || near ? IconAlertTriangle : IconCircleCheck
  const words = bad
    ? t('today.verdict.late', { late: today.overdue, near: today.atRisk })
    : near
      ? t('today.verdict.near', { count: today.atRisk })
      : t('today.verdict.well')
  return (
    <p className={css.verdict} data-look={bad ? 'late' : near ? 'near' : 'well'} data-testid="verdict">
      <Icon size={18} aria-hidden />
      {words}
      {today.catchingUp > 0 && (
        <span data-testid="catching-up">{t('today.catchingUp', { count: today.catchingUp })}</span>
      )}
      {today.unreadAlerts > 0 && (
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconBell size={15} aria-hidden />}
          onClick={() => alertCentre.set(true)}
          data-testid="today-alerts"
        >
          {t('today.unread', { count: today.unreadAlerts })}
        </Button>
      )}
    </p>
  )
}

/** The day in figures; each opens its tickets. */
function Figures({ today }: { today: TodayView }) {
  const { t, i18n } = useTranslation()
  const figures: { name: string; value: number; search: InboxSearch; hot?: string }[] = [
    { name: 'overdue', value: today.overdue, search: { view: 'overdue' }, hot: 'late' },
    { name: 'atRisk', value: today.atRisk, search: { view: 'due_1h' }, hot: 'near' },
    { name: 'dueToday', value: today.dueToday, search: { view: 'open', day: 'due_later' } },
    { name: 'open', value: today.open, search: { view: 'open' } },
    { name: 'newToday', value: today.newToday, search: { view: 'all', day: 'arrived' } },
    { name: 'answeredToday', value: today.answeredToday, search: { view: 'all', day: 'answered' } },
    { name: 'closedToday', value: today.closedToday, search: { view: 'all', day: 'closed' } },
  ]
  return (
    <ul className={css.figures}>
      {figures.map(({ name, value, search, hot }) => (
        <li key={name}>
          <Link
            to="/inbox"
            search={search}
            className={css.figure}
            data-hot={value > 0 ? hot : undefined}
            data-testid={`figure-${name}`}
          >
            <span>{t(`today.figure.${name}`)}</span>
            <b>{value.toLocaleString(i18n.language)}</b>
          </Link>
        </li>
      ))}
    </ul>
  )
}

function Breaching({ rows }: { rows: InboxRow[] }) {
  const { t } = useTranslation()
  if (rows.length === 0) return <p className={css.quiet}>{t('today.noneBreaching')}</p>
  return (
    <ol className={css.breaching}>
      {rows.map((row) => (
        <li key={row.id}>
          <Link
            to="/inbox"
            search={{ view: 'open', ticket: row.id }}
            className={css.ticket}
            data-testid="breaching"
            data-ticket-id={row.id}
          >
            <TierBadge tier={row.tier} />
            <span className={css.clock}>{row.clock && <Countdown clock={row.clock} />}</span>
            <span className={css.words} title={row.excerpt}>
              {row.excerpt === '' ? t('review.noText') : <Marked text={row.excerpt} marks={row.marks} />}
            </span>
            <span className={css.where} title={row.shop ?? undefined}>
              {[t(`channel.${row.channel}`), row.shop].filter(Boolean).join(' · ')}
            </span>
            <span className={css.owner} title={row.owner?.name}>
              {row.owner?.name ?? t('ticket.nobody')}
            </span>
          </Link>
        </li>
      ))}
    </ol>
  )
}

function Loads({ loads }: { loads: PersonLoad[] }) {
  const { t } = useTranslation()
  const most = Math.max(1, ...loads.map(({ open }) => open))
  return (
    <Table verticalSpacing={5} horizontalSpacing={6}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('shift.person')}</Table.Th>
          <Table.Th w="40%">{t('today.carries')}</Table.Th>
          <Table.Th ta="end">{t('today.figure.overdue')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {loads.map((load) => {
          const owners = [load.person?.id ?? NOBODY]
          const name = load.person?.name ?? t('ticket.nobody')
          return (
            <Table.Tr key={load.person?.id ?? ''}>
              <Table.Td>
                {name}
                {load.onShift && <span className={css.on}>{t('today.onShift')}</span>}
              </Table.Td>
              <Table.Td>
                <span className={css.bar}>
                  <i style={{ width: `${(load.open / most) * 100}%` }} aria-hidden />
                </span>
                <Count
                  value={load.open}
                  search={{ view: 'open', owners }}
                  label={t('today.openOf', { name, count: load.open })}
                  testId={`load-${owners[0]}`}
                />
              </Table.Td>
              <Table.Td ta="end" className={load.overdue > 0 ? css.late : undefined}>
                <Count
                  value={load.overdue}
                  search={{ view: 'overdue', owners }}
                  label={t('today.overdueOf', { name, count: load.overdue })}
                />
              </Table.Td>
            </Table.Tr>
          )
        })}
      </Table.Tbody>
    </Table>
  )
}

function Sources({ sources }: { sources: SourceHealth[] }) {
  const { t, i18n } = useTranslation()
  const { zone } = useWorkspace()
  const now = useNow()
  if (sources.length === 0) return <p className={css.quiet}>{t('today.noSources')}</p>
  return (
    <ul className={css.sources}>
      {sources.map((source) => (
        <li key={source.name} data-bad={source.problem !== null || undefined}>
          {source.problem === null ? <IconCheck size={15} aria-hidden /> : <IconAlertTriangle size={15} aria-hidden />}
          <span>
            <b className={css.source}>{t(`channel.${source.name}`, { defaultValue: source.name })}</b>
            <span className={css.fact}>
              {source.lastAt
                ? t('today.lastAt', { time: dayTime(t, i18n.language, Date.parse(source.lastAt), now, zone) })
                : t('today.neverCame')}
              {' · '}
              {t('today.cameToday', { count: source.reviewsToday })}
            </span>
            {source.problem !== null && <span className={css.problem}>{source.problem}</span>}
          </span>
        </li>
      ))}
    </ul>
  )
}
