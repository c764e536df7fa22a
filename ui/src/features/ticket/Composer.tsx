import { Alert, Button, Select, Textarea, TextInput, UnstyledButton } from '@mantine/core'
import { IconAlertTriangle, IconClipboardCheck, IconCloudCheck, IconLoader2 } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { noticeError, sentence } from '@/components/notice'
import type { TicketView } from '@/ipc/bindings'
import { copyText } from '@/lib/clipboard'
import { now as programNow } from '@/lib/now'
import { dayOnly, instantIn, partsIn, shortTime } from '@/lib/time'
import { personDialog } from '../people/PersonDialog'
import { useWorkspace } from '../workspace'
import css from './Composer.module.css'
import card from './card.module.css'
import { undoable, useTicketChange } from './mutations'
import { useDraft } from './use-draft'

const DAY_MS = 86_400_000
const DAYS_BACK = 7
/** The core takes no more (it counts characters, this box UTF-16 units: never more). */
const MAX_TEXT = 5000

/**
 * The public answer. No platform lets this program publish, so the honest path is: copy, paste it there, and the clock
 * stops at the moment of the click (or at an earlier one that the person states).
 */
export function Composer({ ticket }: { ticket: TicketView }) {
  const { t, i18n } = useTranslation()
  const { zone } = useWorkspace()
  const draft = useDraft(ticket.id, ticket.draft)
  const reply = useTicketChange('ticketReply')
  const [earlier, setEarlier] = useState<{ day: string; time: string } | null>(null)
  const [copyFailed, setCopyFailed] = useState(false)
  const [timeError, setTimeError] = useState<string | null>(null)
  const sentWords = useRef<{ activityId: string; body: string } | null>(null)
  const channel = t(`channel.${ticket.review.channel}`)
  const now = programNow()

  // Undoing an answer brings its words back into the box.
  const { write } = draft
  const undone = ticket.activities.find((activity) => activity.undone && activity.id === sentWords.current?.activityId)
  useEffect(() => {
    if (!undone || !sentWords.current) return
    write(sentWords.current.body)
    sentWords.current = null
  }, [undone, write])

  /** The stated earlier time; `undefined` when it is wrong. */
  const statedTime = (): string | null | undefined => {
    if (!earlier) return null
    const match = /^([01]?\d|2[0-3])[:：]([0-5]\d)$/.exec(earlier.time.trim())
    if (!match) {
      setTimeError(t('composer.timeFormat'))
      return undefined
    }
    const day = partsIn(now - Number(earlier.day) * DAY_MS, zone)
    const at = instantIn(zone, day.year, day.month, day.day, Number(match[1]), Number(match[2]))
    if (at > now) {
      setTimeError(t('composer.timeFuture'))
      return undefined
    }
    setTimeError(null)
    return new Date(at).toISOString()
  }

  const mark = (copied: boolean) => {
    const at = statedTime()
    if (at === undefined) return
    draft.hold()
    const body = draft.body.trim()
    reply.mutate(
      { ticket: { id: ticket.id, version: ticket.version }, body, at },
      {
        onSuccess: (view) => {
          if (view.undo) sentWords.current = { activityId: view.undo.activityId, body }
          draft.sent()
          setEarlier(null)
          setCopyFailed(false)
          const bar = undoable.get()
          if (bar) undoable.set({ ...bar, words: t(copied ? 'composer.copiedBar' : 'composer.markedBar', { channel }) })
        },
        onError: (error) => {
          void draft.flush()
          noticeError(error)
        },
      },
    )
  }

  const copyAndMark = async () => {
    if (statedTime() === undefined) return
    if (await copyText(draft.body.trim())) mark(true)
    else setCopyFailed(true)
  }

  const StateIcon =
    draft.state === 'failed' || draft.state === 'nobody'
      ? IconAlertTriangle
      : draft.state === 'saving'
        ? IconLoader2
        : IconCloudCheck
  return (
    <section className={card.card} aria-label={t('composer.label')}>
      <div className={css.head}>
        <h3 className={card.title}>{t('composer.label')}</h3>
        <span className={card.quiet}>{t('composer.guide')}</span>
      </div>
      {ticket.tier.replyNeedsApproval && (
        <Alert color="orange" variant="light" icon={<IconAlertTriangle size={17} aria-hidden />} mb="sm">
          {t('composer.needsApproval')}
        </Alert>
      )}
      <Textarea
        aria-label={t('composer.label')}
        placeholder={t('composer.placeholder', { channel })}
        autosize
        minRows={4}
        maxRows={14}
        maxLength={MAX_TEXT}
        value={draft.body}
        data-part="composer"
        data-testid="composer"
        onChange={(event) => draft.write(event.currentTarget.value)}
        onBlur={() => void draft.flush()}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return
          if (event.key === 'Escape') event.currentTarget.blur()
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && draft.body.trim() !== '') void copyAndMark()
        }}
        classNames={{ input: css.text }}
      />
      {copyFailed && (
        <Alert
          color="orange"
          variant="light"
          icon={<IconAlertTriangle size={17} aria-hidden />}
          mt="sm"
          title={t('composer.copyFailed')}
        >
          <p className={css.hint}>{t('composer.copyFailedHint')}</p>
          <div className={card.row}>
            <Button size="compact-md" variant="default" onClick={() => void copyAndMark()}>
              {t('common.retry')}
            </Button>
            <Button size="compact-md" variant="default" onClick={() => mark(false)} data-testid="reply-marked">
              {t('composer.markOnly')}
            </Button>
          </div>
        </Alert>
      )}
      {earlier && (
        <div className={css.earlier}>
          <Select
            label={t('composer.day')}
            size="xs"
            w={150}
            allowDeselect={false}
            value={earlier.day}
            data={Array.from({ length: DAYS_BACK + 1 }, (_, back) => ({
              value: String(back),
              label: dayOnly(t, i18n.language, now - back * DAY_MS, now, zone),
            }))}
            onChange={(day) => day && setEarlier({ ...earlier, day })}
          />
          <TextInput
            label={t('composer.time')}
            size="xs"
            w={120}
            placeholder="14:05"
            value={earlier.time}
            error={timeError}
            data-testid="earlier-time"
            onChange={(event) => setEarlier({ ...earlier, time: event.currentTarget.value })}
          />
          <p className={css.hint}>{t('composer.earlierHint')}</p>
        </div>
      )}
      <div className={css.foot}>
        <span className={css.state} data-state={draft.state} data-testid="draft-state">
          <StateIcon size={15} aria-hidden />
          {draft.state === 'nobody' ? (
            <UnstyledButton
              className={css.link}
              onClick={() => personDialog.set({ open: true, goOn: () => void draft.flush() })}
            >
              {t('composer.draftNobody')}
            </UnstyledButton>
          ) : draft.state === 'failed' ? (
            t('composer.draftFailed')
          ) : draft.state === 'saving' ? (
            t('composer.draftSaving')
          ) : draft.body === '' ? (
            t('composer.draftAuto')
          ) : ticket.draftAt && ticket.draft === draft.body ? (
            t('composer.draftAt', { time: shortTime(t, i18n.language, Date.parse(ticket.draftAt), now, zone) })
          ) : (
            t('composer.draftSaved')
          )}
        </span>
        {draft.body !== '' && (
          <span className={card.quiet}>{t('composer.length', { count: [...draft.body.trim()].length })}</span>
        )}
        <UnstyledButton
          className={css.link}
          aria-expanded={earlier !== null}
          data-testid="earlier"
          onClick={() => {
            setTimeError(null)
            setEarlier(earlier ? null : { day: '0', time: '' })
          }}
        >
          {earlier ? t('composer.notEarlier') : t('composer.earlier')}
        </UnstyledButton>
        <span className={card.space} />
        <Button
          leftSection={<IconClipboardCheck size={17} aria-hidden />}
          disabled={draft.body.trim() === ''}
          loading={reply.isPending}
          title={reply.error ? sentence(reply.error) : t('composer.shortcut')}
          data-testid="reply-done"
          onClick={() => void copyAndMark()}
        >
          {t('composer.copyAndMark')}
        </Button>
      </div>
    </section>
  )
}
