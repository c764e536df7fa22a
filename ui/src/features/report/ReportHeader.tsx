import { ActionIcon, Badge, Button, Menu } from '@mantine/core'
import {
  IconArchive,
  IconCalendarTime,
  IconDots,
  IconFileTypeHtml,
  IconFileTypePdf,
  IconPrinter,
  IconTable,
} from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { ReportFormat } from '@/ipc/bindings'
import { CutFilter } from './CutFilter'
import { KindSwitch, PeriodSteps } from './PeriodNav'
import css from './Report.module.css'
import type { ReportSearch } from './search'
import type { Report } from './whole'

interface Props {
  report: Report
  go: (change: Partial<ReportSearch>) => void
  save: (format: ReportFormat) => void
  showArchive: () => void
}

export function ReportHeader({ report, go, save, showArchive }: Props) {
  const { t } = useTranslation()
  const { document, query, archivedAt, running, empty } = report
  return (
    <header className={css.header}>
      <div className={css.names}>
        <h1 className={css.title}>
          {document.title}
          {running && !archivedAt && (
            <Badge variant="light" color="orange" tt="none" className={css.running} data-testid="running">
              {t(`report.running.${query.kind}`)}
            </Badge>
          )}
        </h1>
        <p className={css.subtitle}>{[document.period, document.subtitle].filter(Boolean).join(' · ')}</p>
      </div>
      <div className={css.tools} data-paper="off">
        {!archivedAt && (
          <>
            <KindSwitch kind={query.kind} choose={(kind) => go({ kind: kind === 'weekly' ? undefined : kind })} />
            <CutFilter cut={query.cut} choices={report.choices} change={(cut) => go({ cut })} />
            <PeriodSteps report={report} go={go} />
          </>
        )}
        <Button
          variant="default"
          leftSection={<IconPrinter size={15} aria-hidden />}
          disabled={empty}
          onClick={() => window.print()}
          data-testid="print"
        >
          {t('report.print')}
        </Button>
        <Button
          variant="default"
          leftSection={<IconTable size={15} aria-hidden />}
          disabled={empty}
          onClick={() => save('xlsx')}
          data-testid="export-xlsx"
        >
          {t('report.export.xlsx')}
        </Button>
        <Button
          leftSection={<IconFileTypePdf size={15} aria-hidden />}
          disabled={empty}
          onClick={() => save('pdf')}
          data-testid="export-pdf"
        >
          {t('report.export.pdf')}
        </Button>
        <Menu position="bottom-end" width={200}>
          <Menu.Target>
            <ActionIcon variant="default" size="input-sm" aria-label={t('report.more')} data-testid="report-more">
              <IconDots size={17} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              leftSection={<IconFileTypeHtml size={16} aria-hidden />}
              disabled={empty}
              onClick={() => save('html')}
              data-testid="export-html"
            >
              {t('report.export.html')}
            </Menu.Item>
            <Menu.Item
              leftSection={<IconArchive size={16} aria-hidden />}
              onClick={showArchive}
              data-testid="show-archive"
            >
              {t('report.archive')}
            </Menu.Item>
            <Menu.Item
              leftSection={<IconCalendarTime size={16} aria-hidden />}
              renderRoot={(props) => <Link to="/settings/reports" {...props} />}
            >
              {t('report.schedule')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
    </header>
  )
}
