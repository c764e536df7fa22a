import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { copyText } from '@/lib/clipboard'
import css from './copyable.module.css'

/** A number that copies on a click and says so. */
export function Copyable({ value, label, children }: { value: string; label: string; children?: React.ReactNode }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 1600)
    return () => clearTimeout(timer)
  }, [copied])
  return (
    <button
      type="button"
      className={css.copy}
      title={t('common.copyOne', { what: label })}
      onClick={async () => setCopied(await copyText(value))}
    >
      {children ?? value}
      {copied ? <IconCheck size={13} aria-hidden /> : <IconCopy size={13} aria-hidden className={css.hint} />}
      <span className="vh" aria-live="polite">
        {copied ? t('common.copied') : ''}
      </span>
    </button>
  )
}
