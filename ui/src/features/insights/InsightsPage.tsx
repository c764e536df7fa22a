import { Button } from '@mantine/core'
import { IconTrendingUp } from '@tabler/icons-react'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Empty, Failure, Waiting } from '@/components/states'
import { useKeptScroll } from '@/lib/kept-scroll'
import { CutChips, CutFilter } from '../report/CutFilter'
import doc from '../report/document/Document.module.css'
import { wideOnes } from '../report/document/layout'
import { SectionCard } from '../report/document/SectionCard'
import { NumbersOf } from '../report/Opens'
import { KindSwitch, PeriodSteps } from '../report/PeriodNav'
import { useReport } from '../report/queries'
import page from '../report/Report.module.css'
import { type ReportSearch, searchOf } from '../report/search'
import { useWorkspace } from '../workspace'
import { ImprovementsCard } from './ImprovementsCard'
import { LessonsCard } from './LessonsCard'
import { ThemesCard } from './ThemesCard'

const route = getRouteApi('/insights')

/** 洞察: what is growing, where, and what is done about it? */
export function InsightsPage() {
  const { t } = useTranslation()
  const { isEmpty } = useWorkspace()
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/insights' })
  const report = useReport(search)
  const scroller = useKeptScroll(`insights ${report.data?.name ?? ''}`, report.isSuccess)
  const go = (change: Partial<ReportSearch>) => void navigate({ search: (now) => ({ ...now, ...change }) })
  const query = report.data?.query
  const of = useMemo(() => (query ? { report: searchOf(query), at: '/insights' as const } : null), [query])

  if (isEmpty) {
    return (
      <Empty
        page
        icon={<IconTrendingUp aria-hidden />}
        title={t('insights.nothingYet')}
        hint={t('insights.nothingYetHint')}
        action={<Button renderRoot={(props) => <Link to="/sources" {...props} />}>{t('inbox.bring')}</Button>}
      />
    )
  }
  if (report.error && !report.data) return <Failure error={report.error} retry={() => void report.refetch()} />
  if (!report.data) return <Waiting />
  const data = report.data
  const heats = data.document.sections.filter(({ kind, rows }) => kind === 'heat' && rows.length > 0)
  const wide = wideOnes([...heats.map((section) => section.wide), false])
  return (
    <div ref={scroller} className={page.page} data-paper="page">
      <div className={page.column} aria-busy={report.isPlaceholderData} data-testid="insights" data-name={data.name}>
        <header className={page.header}>
          <div className={page.names}>
            <h1 className={page.title}>{t('nav.insights')}</h1>
            <p className={page.subtitle}>{[data.document.period, t('insights.hint')].join(' · ')}</p>
          </div>
          <div className={page.tools} data-paper="off">
            <KindSwitch kind={data.query.kind} choose={(kind) => go({ kind: kind === 'weekly' ? undefined : kind })} />
            <CutFilter cut={data.query.cut} choices={data.choices} change={(cut) => go({ cut })} />
            <PeriodSteps report={data} go={go} />
          </div>
        </header>
        <CutChips cut={data.query.cut} choices={data.choices} change={(cut) => go({ cut })} />
        <NumbersOf value={of}>
          <div className={doc.sections}>
            <ThemesCard report={data} wide />
            {heats.map((section, at) => (
              <SectionCard key={section.id} section={section} wide={wide[at] ?? true} />
            ))}
            <ImprovementsCard choices={data.choices} wide={wide.at(-1) ?? true} />
            <LessonsCard day={data.toDay} wide />
          </div>
        </NumbersOf>
      </div>
    </div>
  )
}
