import { Alert, Button, Skeleton } from '@mantine/core'
import { IconArchive, IconChartBar } from '@tabler/icons-react'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Empty, Failure } from '@/components/states'
import type { ReportFormat } from '@/ipc/bindings'
import { useKeptScroll } from '@/lib/kept-scroll'
import { exactMinute } from '@/lib/time'
import { ImprovementsCard } from '../insights/ImprovementsCard'
import { LessonsCard } from '../insights/LessonsCard'
import { ThemesCard } from '../insights/ThemesCard'
import { useWorkspace } from '../workspace'
import { ArchiveDrawer } from './ArchiveDrawer'
import { CutChips } from './CutFilter'
import { DocumentView, type LivePart } from './document/DocumentView'
import { ExportDialog, useExport } from './ExportDialog'
import { NumbersOf } from './Opens'
import { useReport } from './queries'
import css from './Report.module.css'
import { ReportHeader } from './ReportHeader'
import { type ReportSearch, searchOf } from './search'
import type { Report } from './whole'

const route = getRouteApi('/report')

/** 周报: what did the week cost us, and what should change? */
export function ReportPage() {
  const { isEmpty } = useWorkspace()
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/report' })
  const report = useReport(search)
  const [format, setFormat] = useState<ReportFormat | null>(null)
  const [archiveOpen, setArchiveOpen] = useState(false)
  const { save } = useExport()
  const scroller = useKeptScroll(`report ${report.data?.name ?? ''} ${search.archived ?? ''}`, report.isSuccess)
  const go = (change: Partial<ReportSearch>) =>
    void navigate({ search: (now) => ({ ...now, archived: undefined, ...change }) })

  if (isEmpty && !search.archived) return <NothingYet />
  if (report.error && !report.data) {
    return <Failure error={report.error} retry={() => void report.refetch()} />
  }
  const data = report.data
  return (
    <div ref={scroller} className={css.page} data-paper="page">
      {!data ? (
        <Outline />
      ) : (
        <article className={css.column} aria-busy={report.isPlaceholderData} data-testid="report" data-name={data.name}>
          <ReportHeader
            report={data}
            go={go}
            save={(next) => (data.archivedAt ? save(search, next, false) : setFormat(next))}
            showArchive={() => setArchiveOpen(true)}
          />
          {data.archivedAt ? (
            <ArchivedBanner at={data.archivedAt} leave={() => void navigate({ search: {} })} />
          ) : (
            <CutChips cut={data.query.cut} choices={data.choices} change={(cut) => go({ cut })} />
          )}
          {report.error && <Failure error={report.error} retry={() => void report.refetch()} />}
          {data.empty ? (
            <NothingIn report={data} go={go} />
          ) : (
            <Numbers report={data} archived={data.archivedAt ? search.archived : undefined} />
          )}
        </article>
      )}
      {format && data && <ExportDialog search={searchOf(data.query)} format={format} close={() => setFormat(null)} />}
      <ArchiveDrawer
        opened={archiveOpen}
        close={() => setArchiveOpen(false)}
        open={(archived) => void navigate({ search: { archived } })}
      />
    </div>
  )
}

/** The document; what can be worked on here stands in for the parts that only tell of it. */
function Numbers({ report, archived }: { report: Report; archived?: string }) {
  const of = useMemo(
    () => ({ report: { ...searchOf(report.query), archived }, at: '/report' as const }),
    [report.query, archived],
  )
  const live: LivePart[] = report.archivedAt
    ? []
    : [
        {
          replaces: 'themes',
          after: 'causes',
          wide: false,
          draw: (wide) => <ThemesCard report={report} wide={wide} />,
        },
        {
          replaces: 'improvements',
          after: 'themes',
          wide: false,
          draw: (wide) => <ImprovementsCard choices={report.choices} wide={wide} />,
        },
        {
          replaces: 'lessons',
          after: 'good',
          wide: true,
          draw: (wide) => <LessonsCard day={report.toDay} wide={wide} />,
        },
      ]
  return (
    <NumbersOf value={of}>
      <DocumentView document={report.document} live={live} />
    </NumbersOf>
  )
}

function ArchivedBanner({ at, leave }: { at: string; leave: () => void }) {
  const { t, i18n } = useTranslation()
  const { zone } = useWorkspace()
  return (
    <Alert
      color="blue"
      variant="light"
      icon={<IconArchive size={18} aria-hidden />}
      className={css.banner}
      data-testid="archived-banner"
    >
      <div className={css.bannerLine}>
        <span>{t('report.archived', { time: exactMinute(i18n.language, Date.parse(at), zone) })}</span>
        <Button variant="default" size="compact-sm" onClick={leave} data-paper="off">
          {t('report.toNewest')}
        </Button>
      </div>
    </Alert>
  )
}

/** A stretch of time, or a part of the business, without a single review. */
function NothingIn({ report, go }: { report: Report; go: (change: Partial<ReportSearch>) => void }) {
  const { t } = useTranslation()
  const cut = Object.values(report.query.cut).some((list) => list.length > 0)
  return (
    <div className={css.nothing} data-testid="report-empty">
      <Empty
        icon={<IconChartBar aria-hidden />}
        title={t(cut ? 'report.nothingInCut' : `report.nothingIn.${report.query.kind}`)}
        hint={t(cut ? 'report.nothingInCutHint' : 'report.nothingInHint')}
        action={
          cut ? (
            <Button variant="default" onClick={() => go({ cut: undefined })}>
              {t('inbox.clear')}
            </Button>
          ) : (
            <Button renderRoot={(props) => <Link to="/sources" {...props} />}>{t('inbox.bring')}</Button>
          )
        }
      />
    </div>
  )
}

function NothingYet() {
  const { t } = useTranslation()
  return (
    <Empty
      page
      icon={<IconChartBar aria-hidden />}
      title={t('report.nothingYet')}
      hint={t('report.nothingYetHint')}
      action={<Button renderRoot={(props) => <Link to="/sources" {...props} />}>{t('inbox.bring')}</Button>}
    />
  )
}

/** What is coming, in grey. */
function Outline() {
  const { t } = useTranslation()
  return (
    <div className={css.column} role="status">
      <span className="vh">{t('common.loading')}</span>
      <Skeleton height={28} width={220} mb={10} />
      <Skeleton height={14} width={380} mb={22} />
      <Skeleton height={56} mb={14} />
      <div className={css.outline}>
        {[1, 2, 3, 4, 5].map((one) => (
          <Skeleton key={one} height={120} radius="lg" />
        ))}
      </div>
      <Skeleton height={280} radius="lg" mt={14} />
    </div>
  )
}
