import { Button, Textarea } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { noticeError } from '@/components/notice'
import type { TicketView } from '@/ipc/bindings'
import card from './card.module.css'
import { useTicketChange } from './mutations'
import css from './NoteBox.module.css'

/** A note for colleagues; it stops no clock and no customer sees it. */
export function NoteBox({ ticket }: { ticket: TicketView }) {
  const { t } = useTranslation()
  const [body, setBody] = useState('')
  const note = useTicketChange('ticketNote')
  const save = () => {
    if (body.trim() === '') return
    note.mutate(
      { ticket: { id: ticket.id, version: ticket.version }, body: body.trim() },
      { onSuccess: () => setBody(''), onError: noticeError },
    )
  }
  return (
    <section className={`${card.card} ${css.note}`} aria-label={t('note.label')}>
      <Textarea
        className={css.text}
        aria-label={t('note.label')}
        placeholder={t('note.placeholder')}
        leftSection={<IconLock size={15} aria-hidden />}
        autosize
        minRows={1}
        maxRows={8}
        value={body}
        data-part="note"
        data-testid="note-input"
        onChange={(event) => setBody(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return
          if (event.key === 'Escape') event.currentTarget.blur()
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save()
        }}
      />
      <Button
        variant="default"
        loading={note.isPending}
        disabled={body.trim() === ''}
        onClick={save}
        data-testid="note-save"
      >
        {t('note.save')}
      </Button>
    </section>
  )
}
