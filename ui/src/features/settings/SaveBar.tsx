import { Button, Checkbox, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { sentence } from '@/components/notice'
import type { ApplyPreview } from '@/ipc/bindings'
import css from './SaveBar.module.css'

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
  save: () => void
  discard: () => void
}

/** Before saving: how many open tickets a change moves, how many of them late, and whether it is to reach them. */
export function SaveBar({ dirty, preview, error, applyToOpen, setApply, saving, save, discard }: Props) {
  const { t } = useTranslation()
  if (!dirty) return null
  return (
    <section className={css.bar} aria-label={t('save.unsaved')} data-testid="save-bar">
      <div className={css.words} role="status">
        {error ? (
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
