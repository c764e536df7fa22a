import { Button, Checkbox, Group, Modal, Text } from '@mantine/core'
import { useBlocker } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { ChangedMeanwhile, isConflict } from '@/components/changed-meanwhile'
import { sentence } from '@/components/notice'
import type { ApplyPreview } from '@/ipc/bindings'
import { createStore } from '@/lib/store'
import css from './SaveBar.module.css'

/** A form on screen has changes that are not saved. */
export const unsaved = createStore(false)

interface Props {
  /** Something differs from what is saved. */
  dirty: boolean
  /** What saving would move, once it is reckoned. */
  preview: ApplyPreview | undefined
  /** Why it cannot be saved or reckoned. */
  error: unknown
  applyToOpen: boolean
  setApply: (apply: boolean) => void
  saving: boolean
  /** Somebody else saved meanwhile: who and when. Saving waits until the person has decided. */
  newer: string | null
  reload: () => void
  keep: () => void
  save: () => void
  discard: () => void
}

/** Before saving: how many open tickets a change moves, how many of them late, and whether it is to reach them. */
export function SaveBar(props: Props) {
  const { dirty } = props
  useEffect(() => {
    unsaved.set(dirty)
    return () => unsaved.set(false)
  }, [dirty])
  if (!dirty) return null
  return (
    <>
      <Bar {...props} />
      <LeaveQuestion />
    </>
  )
}

/** Leaving the screen would lose the changes, so it asks. */
function LeaveQuestion() {
  const { t } = useTranslation()
  const leaving = useBlocker({ shouldBlockFn: () => unsaved.get(), enableBeforeUnload: false, withResolver: true })
  return (
    <Modal
      opened={leaving.status === 'blocked'}
      onClose={() => leaving.reset?.()}
      title={t('save.leaveTitle')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Text size="sm">{t('save.leaveWords')}</Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={() => leaving.proceed?.()} data-testid="leave-discard">
          {t('save.discard')}
        </Button>
        <Button onClick={() => leaving.reset?.()} data-testid="leave-stay">
          {t('save.stay')}
        </Button>
      </Group>
    </Modal>
  )
}

function Bar({ preview, error, applyToOpen, setApply, saving, newer, reload, keep, save, discard }: Props) {
  const { t } = useTranslation()
  if (newer !== null) {
    return (
      <section className={css.bar} aria-label={t('save.unsaved')} data-testid="save-bar">
        <div className={css.words}>
          <ChangedMeanwhile who={newer} reload={reload} keep={keep} />
        </div>
      </section>
    )
  }
  return (
    <section className={css.bar} aria-label={t('save.unsaved')} data-testid="save-bar">
      <div className={css.words} role="status">
        {error && !isConflict(error) ? (
          <Text size="sm" c="var(--urgent)">
            {sentence(error)}
          </Text>
        ) : !preview ? (
          <Text size="sm">{t('save.reckoning')}</Text>
        ) : preview.moved === 0 ? (
          <Text size="sm">{t('save.movesNone', { open: preview.open })}</Text>
        ) : (
          <Text size="sm" data-testid="moves">
            {t('save.moves', { count: preview.moved })}
            {preview.late === 0 ? (
              t('save.noneLate')
            ) : (
              <b className={css.late}>{t('save.late', { count: preview.late })}</b>
            )}
          </Text>
        )}
        {preview && preview.moved > 0 && (
          <Checkbox
            size="sm"
            label={t('save.applyToOpen')}
            checked={applyToOpen}
            data-testid="apply-to-open"
            onChange={(event) => setApply(event.currentTarget.checked)}
          />
        )}
      </div>
      <Button variant="default" onClick={discard} data-testid="discard">
        {t('save.discard')}
      </Button>
      <Button onClick={save} loading={saving} data-testid="save">
        {t('save.save')}
      </Button>
    </section>
  )
}
