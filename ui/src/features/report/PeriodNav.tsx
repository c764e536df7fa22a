import { Button, Popover, SegmentedControl } from '@mantine/core'
import { DatePicker, MonthPicker } from '@mantine/dates'
import { IconCalendar, IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCalendarWords } from '@/components/calendar-words'
import type { ReportKind } from '@/ipc/bindings'
import { weekAround } from '@/lib/days'
import { now } from '@/lib/now'
import { dayIn } from '@/lib/time'
import { useWorkspace } from '../workspace'
import css from './Report.module.css'
import { REPORT_KINDS, type ReportSearch } from './search'
import type { Report } from './whole'

interface Props {
  report: Report
  go: (change: Partial<ReportSearch>) => void
}

/** The stretch before and after, and a jump to any other. */
export function PeriodSteps({ report, go }: Props) {
  const { t } = useTranslation()
  const { kind } = report.query
  return (
    <Button.Group>
      <Button
        variant="default"
        leftSection={<IconChevronLeft size={15} aria-hidden />}
        onClick={() => go({ day: report.previousDay })}
        data-testid="period-previous"
      >
        {t(`report.previous.${kind}`)}
      </Button>
      <Jump report={report} go={go} />
      <Button
        variant="default"
        rightSection={<IconChevronRight size={15} aria-hidden />}
        disabled={report.nextDay === null}
        onClick={() => report.nextDay && go({ day: report.nextDay })}
        data-testid="period-next"
      >
        {t(`report.next.${kind}`)}
      </Button>
    </Button.Group>
  )
}

function Jump({ report, go }: Props) {
  const { t } = useTranslation()
  const { zone } = useWorkspace()
  const [open, setOpen] = useState(false)
  const { kind } = report.query
  const jump = (day: string | null) => {
    setOpen(false)
    go({ day: day ?? undefined })
  }
  const [monday, sunday] = weekAround(report.toDay)
  const words = useCalendarWords()
  const shared = {
    defaultDate: report.toDay,
    maxDate: dayIn(now(), zone),
    onChange: jump,
    ariaLabels: words.ariaLabels,
  }
  return (
    <Popover opened={open} onChange={setOpen} position="bottom" trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          px={9}
          aria-label={t('report.jump')}
          title={t('report.jump')}
          onClick={() => setOpen(!open)}
          data-testid="period-jump"
        >
          <IconCalendar size={16} aria-hidden />
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('report.jump')}>
        {kind === 'monthly' ? (
          <MonthPicker {...shared} value={report.fromDay} />
        ) : (
          <DatePicker
            {...words}
            {...shared}
            value={report.toDay}
            getDayProps={(day) => ({
              inRange: kind === 'weekly' && day >= monday && day <= sunday,
              'data-day': day,
            })}
          />
        )}
        <Button variant="subtle" size="compact-sm" fullWidth mt={6} onClick={() => jump(null)}>
          {t('report.newest')}
        </Button>
      </Popover.Dropdown>
    </Popover>
  )
}

export function KindSwitch({ kind, choose }: { kind: ReportKind; choose: (kind: ReportKind) => void }) {
  const { t } = useTranslation()
  return (
    <SegmentedControl
      className={css.kinds}
      value={kind}
      onChange={(next) => choose(next as ReportKind)}
      aria-label={t('report.kindLabel')}
      data={REPORT_KINDS.map((one) => ({ value: one, label: t(`report.kind.${one}`) }))}
      data-testid="report-kind"
    />
  )
}
