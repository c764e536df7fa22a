import { ActionIcon, Button } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { TimeRange } from '@/components/time-range'
import type { WindowOfDay } from '@/ipc/bindings'
import css from './Calendar.module.css'

interface Props {
  /** The day, for screen readers. */
  day: string
  windows: WindowOfDay[]
  change: (windows: WindowOfDay[]) => void
  testId?: string
}

/** The opening hours of one day: any number of stretches. */
export function Windows({ day, windows, change, testId }: Props) {
  const { t } = useTranslation()
  const replace = (at: number, next: WindowOfDay | null) =>
    change(windows.flatMap((one, index) => (index !== at ? [one] : next ? [next] : [])))
  const add = () => {
    const last = windows.at(-1)
    change([...windows, last ? { open: last.close, close: '22:00' } : { open: '09:00', close: '18:00' }])
  }
  return (
    <div className={css.windows}>
      {windows.map((one, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a stretch has no name; its fields follow their values
        <span key={at} className={css.window}>
          <TimeRange
            label={day}
            from={one.open}
            to={one.close}
            testId={testId && `${testId}-${at}`}
            change={(open, close) => replace(at, { open, close })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('worktime.dropWindow', { what: `${day} ${one.open}–${one.close}` })}
            data-testid={testId && `${testId}-${at}-drop`}
            onClick={() => replace(at, null)}
          >
            <IconX size={15} aria-hidden />
          </ActionIcon>
        </span>
      ))}
      <Button
        size="compact-sm"
        variant="subtle"
        leftSection={<IconPlus size={14} aria-hidden />}
        aria-label={t('worktime.addWindowOf', {
          day,
          what: t(windows.length === 0 ? 'worktime.openDay' : 'worktime.addWindow'),
        })}
        onClick={add}
        data-testid={testId && `${testId}-add`}
      >
        {t(windows.length === 0 ? 'worktime.openDay' : 'worktime.addWindow')}
      </Button>
    </div>
  )
}
