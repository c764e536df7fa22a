import { TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { timeOfDay } from '@/lib/clock-text'

interface Props {
  label: string
  value: string
  change: (value: string) => void
  disabled?: boolean
  testId?: string
}

/** A time of day typed the way people do; what cannot be read stays and says so. */
export function TimeField({ label, value, change, disabled, testId }: Props) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(value)
  const [wrong, setWrong] = useState(false)
  useEffect(() => {
    setTyped(value)
    setWrong(false)
  }, [value])
  const settle = () => {
    const time = timeOfDay(typed)
    setWrong(time === null)
    if (time === null) return
    setTyped(time)
    if (time !== value) change(time)
  }
  return (
    <TextInput
      w="4.75rem"
      size="sm"
      inputMode="numeric"
      aria-label={label}
      value={typed}
      disabled={disabled}
      error={wrong}
      title={wrong ? t('composer.timeFormat') : undefined}
      data-testid={testId}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={settle}
      onKeyDown={(event) => event.key === 'Enter' && settle()}
      styles={{ input: { textAlign: 'center', fontVariantNumeric: 'tabular-nums' } }}
    />
  )
}
