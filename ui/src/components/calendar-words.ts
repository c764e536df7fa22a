import { useTranslation } from 'react-i18next'

/** What the date pickers' buttons and days are called. */
export function useCalendarWords() {
  const { t, i18n } = useTranslation()
  const wholeDay = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'full', timeZone: 'UTC' })
  return {
    monthLabelFormat: t('shift.monthFormat'),
    getDayAriaLabel: (day: string) => wholeDay.format(Date.parse(`${day.slice(0, 10)}T00:00:00Z`)),
    ariaLabels: {
      previousMonth: t('shift.previousMonth'),
      nextMonth: t('shift.nextMonth'),
      previousYear: t('worktime.previousYear'),
      nextYear: t('worktime.nextYear'),
      previousDecade: t('common.previousDecade'),
      nextDecade: t('common.nextDecade'),
    },
  }
}
