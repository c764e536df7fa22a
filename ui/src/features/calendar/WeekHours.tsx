import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { WindowOfDay } from '@/ipc/bindings'
import css from './Calendar.module.css'
import { weekdayNames } from './days'
import { Windows } from './Windows'

/** The opening hours of every week, Monday first. */
export function WeekHours({ weekly, change }: { weekly: WindowOfDay[][]; change: (weekly: WindowOfDay[][]) => void }) {
  const { t, i18n } = useTranslation()
  const names = weekdayNames(i18n.language, 'short')
  const monday = weekly[0] ?? []
  return (
    <>
      <dl className={css.week}>
        {names.map((name, day) => (
          <div key={name} className={css.weekday}>
            <dt>{name}</dt>
            <dd>
              {weekly[day]?.length === 0 && <span className={css.rest}>{t('worktime.rest')}</span>}
              <Windows
                day={name}
                windows={weekly[day] ?? []}
                testId={`week-${day}`}
                change={(windows) => change(names.map((_, at) => (at === day ? windows : (weekly[at] ?? []))))}
              />
            </dd>
          </div>
        ))}
      </dl>
      <Button
        size="compact-sm"
        variant="default"
        onClick={() => change(names.map((_, day) => (day < 5 ? monday : (weekly[day] ?? []))))}
      >
        {t('worktime.copyMonday')}
      </Button>
    </>
  )
}
