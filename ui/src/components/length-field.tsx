import { NativeSelect, NumberInput } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

const MINUTE = 60
const HOUR = 3600

interface Props {
  label: string
  /** Seconds; null is not set. */
  value: number | null
  change: (value: number | null) => void
  /** Shown when nothing is set; without it the field cannot be emptied. */
  placeholder?: string
  testId?: string
}

/** A length of time as a number with its unit, hours or minutes. */
export function LengthField({ label, value, change, placeholder, testId }: Props) {
  const { t } = useTranslation()
  const [unit, setUnit] = useState(value === null || value % HOUR === 0 ? HOUR : MINUTE)
  const set = (next: number | string) => {
    if (next === '') {
      if (placeholder !== undefined) change(null)
    } else change(Math.round(Number(next) * unit))
  }
  return (
    <NumberInput
      size="sm"
      w="7.5rem"
      min={1}
      max={unit === HOUR ? 8760 : 525_600}
      decimalScale={unit === HOUR ? 2 : 0}
      hideControls
      aria-label={label}
      placeholder={placeholder}
      value={value === null ? '' : value / unit}
      data-testid={testId}
      onChange={set}
      rightSectionWidth="4rem"
      rightSection={
        <NativeSelect
          variant="unstyled"
          size="xs"
          aria-label={t('length.unitOf', { what: label })}
          value={unit}
          data={[
            { value: String(HOUR), label: t('length.hours') },
            { value: String(MINUTE), label: t('length.minutes') },
          ]}
          onChange={(event) => setUnit(Number(event.currentTarget.value))}
          rightSection={<IconChevronDown size={13} aria-hidden />}
          rightSectionWidth={16}
          styles={{ input: { paddingInline: '0 1rem', color: 'var(--ink2)' } }}
        />
      }
    />
  )
}
