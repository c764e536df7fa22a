import { Alert, Button, Skeleton, Table } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { Fragment, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Sparkline } from '@/components/sparkline'
import { Failure } from '@/components/states'
import type { ThemeView } from '@/ipc/bindings'
import { isoWeek } from '@/lib/days'
import { CardFrame } from '../report/document/SectionCard'
import { Opens } from '../report/Opens'
import { useThemes } from '../report/queries'
import type { Report } from '../report/whole'
import { growthMood, growthText } from './growth'
import { ImprovementDialog, type NewImprovement } from './ImprovementDialog'
import css from './Insights.module.css'
import { LessonDialog } from './LessonDialog'
import { ThemeQuotes } from './ThemeQuotes'

/** The most telling ones; the rest is one click away. */
const GLANCE = 8

/** 正在变多的问题, in the customers' own words; where nothing grows beyond chance, 顾客反复说的问题. */
export function ThemesCard({ report, wide }: { report: Report; wide: boolean }) {
  const { t } = useTranslation()
  const { kind } = report.query
  const themes = useThemes(report.query)
  const [open, setOpen] = useState<string | null>(null)
  const [all, setAll] = useState(false)
  const [plan, setPlan] = useState<NewImprovement | null>(null)
  const [lesson, setLesson] = useState<string | null>(null)
  const planFor = (theme: ThemeView) => {
    const [place] = theme.gathers
    setPlan({
      title: t('improve.titleFor', { theme: theme.label }),
      theme: theme.label,
      product: place && !place.isShop ? place.name : '',
      shop: place?.isShop ? place.name : '',
    })
  }
  const list = themes.data?.themes ?? []
  const certain = list.filter((theme) => theme.beyondChance && (theme.growth === null || theme.growth > 0))
  const [first] = certain
  return (
    <CardFrame
      id="growing"
      title={t(themes.data && !first ? 'theme.titleLevel' : 'theme.title')}
      wide={wide}
      note={themes.data && list.length > 0 ? t('theme.note', { count: themes.data.texts }) : undefined}
    >
      {themes.error ? (
        <Failure error={themes.error} retry={() => void themes.refetch()} />
      ) : !themes.data ? (
        <div role="status">
          <span className="vh">{t('common.loading')}</span>
          {[1, 2, 3, 4].map((one) => (
            <Skeleton key={one} height={22} my={12} />
          ))}
        </div>
      ) : list.length === 0 ? (
        <p className={css.quiet}>{t('theme.none')}</p>
      ) : (
        <>
          <div className={css.scroller}>
            <Table className={css.themes} verticalSpacing={4} horizontalSpacing={6}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('theme.theme')}</Table.Th>
                  <Table.Th>{t('theme.gathers')}</Table.Th>
                  <Table.Th ta="end">{t(`theme.count.${kind}`)}</Table.Th>
                  <Table.Th ta="end">{t(`theme.growth.${kind}`)}</Table.Th>
                  <Table.Th>{t(`theme.trend.${kind}`)}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {list.slice(0, all ? list.length : GLANCE).map((theme) => (
                  <ThemeRow
                    key={theme.key}
                    theme={theme}
                    open={open === theme.key}
                    toggle={() => setOpen(open === theme.key ? null : theme.key)}
                    plan={() => planFor(theme)}
                    lesson={() => setLesson(theme.label)}
                  />
                ))}
              </Table.Tbody>
            </Table>
          </div>
          {!all && list.length > GLANCE && (
            <Button variant="subtle" size="compact-sm" mt={6} onClick={() => setAll(true)} data-paper="off">
              {t('report.allRows', { count: list.length })}
            </Button>
          )}
          {first && (
            <div className={css.verdict}>
              <p className={css.quiet}>
                {t('theme.notChance', { themes: certain.map(({ label }) => label).join(t('common.quoteJoin')) })}
              </p>
              <Button variant="default" onClick={() => planFor(first)} data-paper="off" data-testid="improve-first">
                {t('improve.new')}
              </Button>
            </div>
          )}
        </>
      )}
      {plan && <ImprovementDialog start={plan} choices={report.choices} close={() => setPlan(null)} />}
      {lesson !== null && <LessonDialog week={isoWeek(report.toDay)} theme={lesson} close={() => setLesson(null)} />}
    </CardFrame>
  )
}

interface RowProps {
  theme: ThemeView
  open: boolean
  toggle: () => void
  plan: () => void
  lesson: () => void
}

function ThemeRow({ theme, open, toggle, plan, lesson }: RowProps) {
  const { t } = useTranslation()
  const id = useId()
  const mood = growthMood(theme)
  const percent = (share: number | null) => `${Math.round((share ?? 0) * 100)}%`
  const gathers = theme.gathers
    .map(({ name, share }) => `${name === '' ? t('report.noShop') : name} ${percent(share)}`)
    .join(t('common.and'))
  const Chevron = open ? IconChevronDown : IconChevronRight
  return (
    <Fragment>
      <Table.Tr data-testid="theme" data-theme={theme.label}>
        <Table.Td>
          <button
            type="button"
            className={css.theme}
            aria-expanded={open}
            aria-controls={open ? id : undefined}
            onClick={toggle}
          >
            <Chevron size={14} aria-hidden />
            <span>{theme.label}</span>
          </button>
          {theme.new && <span className={css.new}>{t('theme.new')}</span>}
        </Table.Td>
        <Table.Td className={css.gathers}>{gathers || t('theme.everywhere')}</Table.Td>
        <Table.Td ta="end">
          <Opens
            opens={theme.key}
            label={t('report.ofWhat', { what: theme.label }) + t('report.opensCount', { number: theme.count })}
            className={css.number}
          >
            {theme.count}
          </Opens>
        </Table.Td>
        <Table.Td ta="end" className={css.growth} data-mood={mood}>
          {growthText(t, theme)}
        </Table.Td>
        <Table.Td>
          <Sparkline
            values={theme.trend}
            mood={mood}
            label={t('report.trend', { of: theme.label, values: theme.trend.join(t('common.and')) })}
          />
        </Table.Td>
      </Table.Tr>
      {open && (
        <Table.Tr id={id}>
          <Table.Td colSpan={5} className={css.opened}>
            {theme.warning && (
              <Alert color="orange" variant="light" p="xs" mb="xs">
                {t('theme.warning')}
              </Alert>
            )}
            <ThemeQuotes quotes={theme.quotes} />
            <p className={css.quiet}>
              {theme.beyondChance
                ? t('theme.notChance', { themes: theme.label })
                : t('theme.maybeChance', { theme: theme.label })}
            </p>
            <div className={css.buttons} data-paper="off">
              <Opens
                opens={theme.key}
                label={
                  t('report.ofWhat', { what: t('theme.tickets') }) + t('report.opensCount', { number: theme.count })
                }
                className={css.button}
              >
                {t('theme.tickets')}
              </Opens>
              <Button variant="default" size="compact-md" onClick={plan} data-testid="theme-improve">
                {t('improve.new')}
              </Button>
              <Button variant="default" size="compact-md" onClick={lesson} data-testid="theme-lesson">
                {t('lesson.write')}
              </Button>
            </div>
          </Table.Td>
        </Table.Tr>
      )}
    </Fragment>
  )
}
