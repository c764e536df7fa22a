import { Button, Textarea } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { noticeError } from '@/components/notice'
import type { DutyNow } from '@/ipc/bindings'
import { useNow } from '@/lib/now'
import { dayTime } from '@/lib/time'
import { useWorkspace } from '../workspace'
import { useSaveHandover } from './queries'
import css from './Shifts.module.css'

/** Who is on duty now, who is called at night, what comes next, and what the last shift left written. */
export function Duty({ duty }: { duty: DutyNow }) {
  const { t, i18n } = useTranslation()
  const { zone } = useWorkspace()
  const now = useNow()
  const at = (iso: string) => dayTime(t, i18n.language, Date.parse(iso), now, zone)
  return (
    <dl className={css.duty} data-testid="duty">
      <div>
        <dt>{t('duty.onShift')}</dt>
        <dd>
          {duty.onShift.length === 0 ? (
            <span className={css.nobody}>{t('duty.nobody')}</span>
          ) : (
            duty.onShift.map((person) => person.name).join(t('common.and'))
          )}
        </dd>
      </div>
      <div>
        <dt>{t('duty.onCall')}</dt>
        <dd>{duty.onCall?.name ?? t('duty.none')}</dd>
      </div>
      {duty.next && (
        <div>
          <dt>{t('duty.next')}</dt>
          <dd>{t('duty.nextAt', { name: duty.next.name, time: at(duty.next.at) })}</dd>
        </div>
      )}
    </dl>
  )
}

/** 交班留言: what the next shift must know. */
export function Handover({ duty }: { duty: DutyNow }) {
  const { t, i18n } = useTranslation()
  const { zone } = useWorkspace()
  const now = useNow()
  const [words, setWords] = useState<string | null>(null)
  const save = useSaveHandover()
  const note = duty.handover
  if (words !== null) {
    return (
      <div className={css.handover}>
        <Textarea
          aria-label={t('duty.handover')}
          placeholder={t('duty.handoverPlaceholder')}
          autosize
          minRows={2}
          maxRows={8}
          maxLength={1000}
          value={words}
          data-autofocus
          data-testid="handover-words"
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <div className={css.buttons}>
          <Button variant="default" size="compact-md" onClick={() => setWords(null)}>
            {t('common.cancel')}
          </Button>
          <Button
            size="compact-md"
            loading={save.isPending}
            data-testid="handover-save"
            onClick={() => save.mutate(words.trim(), { onError: noticeError, onSuccess: () => setWords(null) })}
          >
            {t('duty.leaveNote')}
          </Button>
        </div>
      </div>
    )
  }
  return (
    <div className={css.handover}>
      {note ? (
        <blockquote className={css.note}>
          <p>{note.text}</p>
          <footer>
            {note.by} · {dayTime(t, i18n.language, Date.parse(note.at), now, zone)}
          </footer>
        </blockquote>
      ) : (
        <p className={css.quiet}>{t('duty.noNote')}</p>
      )}
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<IconPencil size={14} aria-hidden />}
        data-testid="handover-edit"
        onClick={() => setWords('')}
      >
        {t('duty.writeNote')}
      </Button>
    </div>
  )
}
