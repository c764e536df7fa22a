import { Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { TimeField } from './time-field'

interface Props {
  /** What the range is of, for screen readers. */
  label: string
  from: string
  to: string
  change: (from: string, to: string) => void
  disabled?: boolean
  testId?: string
}

/** From one time of day to another; an earlier end is on the next day. */
export function TimeRange({ label, from, to, change, disabled, testId }: Props) {
  const { t } = useTranslation()
  return (
    <Group gap={6} wrap="nowrap">
      <TimeField
        label={t('range.from', { what: label })}
        value={from}
        change={(next) => change(next, to)}
        disabled={disabled}
        testId={testId && `${testId}-from`}
      />
      <span aria-hidden>–</span>
      <TimeField
        label={t('range.to', { what: label })}
        value={to}
        change={(next) => change(from, next)}
        disabled={disabled}
        testId={testId && `${testId}-to`}
      />
    </Group>
  )
}
