import { Button } from '@mantine/core'
import { IconArrowBackUp, IconArrowRight } from '@tabler/icons-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { notice, noticeError } from '@/components/notice'
import { now, useNow } from '@/lib/now'
import { pressing, undoable, useTicketChange } from './mutations'
import css from './UndoBar.module.css'

/** The last change, taken back with one click for eight seconds. */
export function UndoBar() {
  const { t } = useTranslation()
  const change = undoable.use()
  const next = pressing.use()
  const undo = useTicketChange('ticketUndo')
  useNow()
  const left = change ? Math.ceil((change.until - now()) / 1000) : 0

  useEffect(() => {
    if (!change) return
    const timer = setTimeout(
      () => {
        if (undoable.get() === change) undoable.set(null)
      },
      Math.max(0, change.until - now()),
    )
    return () => clearTimeout(timer)
  }, [change])

  return (
    <div className={css.place} role="status" data-paper="off">
      {change && left > 0 && (
        <div className={css.bar} key={change.activityId}>
          <span>{change.words ?? t([`undo.${change.kind}`, 'undo.other'], { number: change.number })}</span>
          <span className={css.buttons}>
            <Button
              size="compact-sm"
              variant="white"
              color="dark"
              leftSection={<IconArrowBackUp size={15} aria-hidden />}
              loading={undo.isPending}
              data-testid="undo"
              onClick={() =>
                undo.mutate(
                  { ticketId: change.ticketId, activityId: change.activityId },
                  { onError: noticeError, onSuccess: () => notice(t('undo.done', { number: change.number })) },
                )
              }
            >
              {t('undo.button', { seconds: left })}
            </Button>
            {next && next.id !== change.ticketId && (
              <Button
                size="compact-sm"
                variant="white"
                color="dark"
                rightSection={<IconArrowRight size={15} aria-hidden />}
                data-testid="next-ticket"
                onClick={next.open}
              >
                {t('undo.next')}
              </Button>
            )}
          </span>
        </div>
      )}
    </div>
  )
}
