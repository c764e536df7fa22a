import { Alert, Select, Switch, Text } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { notice, noticeError } from '@/components/notice'
import { Failure, Waiting } from '@/components/states'
import { TimeField } from '@/components/time-field'
import type { ReportSchedule } from '@/ipc/bindings'
import { Card, Field, Section } from '../settings/Section'
import { useSaveSchedule, useSchedule } from './queries'

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const

/** 报告: when which report is made by itself. */
export function ScheduleSettings() {
  const { t } = useTranslation()
  const schedule = useSchedule()
  const save = useSaveSchedule()
  const data = schedule.data
  const change = (part: Partial<ReportSchedule>) =>
    save.mutate({ ...data, ...part }, { onError: noticeError, onSuccess: () => notice(t('settings.saved')) })
  const toggle = (name: 'weekly' | 'daily' | 'monthly' | 'toBots', id: string) => (
    <Switch
      aria-labelledby={id}
      checked={data?.[name] ?? false}
      data-testid={`schedule-${name}`}
      onChange={(event) => change({ [name]: event.currentTarget.checked })}
    />
  )
  return (
    <Section name="reports" hint={t('schedule.hint')}>
      {schedule.error ? (
        <Failure error={schedule.error} retry={() => void schedule.refetch()} />
      ) : !data ? (
        <Waiting />
      ) : (
        <>
          <Card title={t('schedule.which')} hint={t('schedule.whichHint')}>
            <Field label={t('schedule.weekly')} hint={t('schedule.weeklyHint')}>
              {(id) => (
                <>
                  {data.weekly && (
                    <Select
                      w={110}
                      aria-label={t('schedule.weekday')}
                      data={WEEKDAYS.map((day) => ({ value: String(day), label: t(`schedule.day.${day}`) }))}
                      value={String(data.weekday)}
                      allowDeselect={false}
                      onChange={(day) => day && change({ weekday: Number(day) })}
                      data-testid="schedule-weekday"
                    />
                  )}
                  {toggle('weekly', id)}
                </>
              )}
            </Field>
            <Field label={t('schedule.daily')} hint={t('schedule.dailyHint')}>
              {(id) => toggle('daily', id)}
            </Field>
            <Field label={t('schedule.monthly')} hint={t('schedule.monthlyHint')}>
              {(id) => toggle('monthly', id)}
            </Field>
            <Field label={t('schedule.at')} hint={t('schedule.atHint')}>
              {() => (
                <TimeField
                  label={t('schedule.at')}
                  value={data.at}
                  change={(at) => change({ at })}
                  testId="schedule-at"
                />
              )}
            </Field>
          </Card>
          <Card>
            <Field label={t('schedule.toBots')} hint={t('schedule.toBotsHint')}>
              {(id) => toggle('toBots', id)}
            </Field>
            {data.toBots && (
              <Text size="sm">
                <Link to="/settings/bots">{t('schedule.toBotsWhere')}</Link>
              </Text>
            )}
          </Card>
          <Alert color="gray" variant="default" icon={<IconInfoCircle size={18} aria-hidden />}>
            {t('schedule.computerOn')}
          </Alert>
        </>
      )}
    </Section>
  )
}
