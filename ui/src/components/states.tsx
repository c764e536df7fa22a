import { Button, Loader } from '@mantine/core'
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { sentence } from './notice'
import css from './states.module.css'

/** What went wrong and the way to try again. */
export function Failure({ error, retry }: { error: unknown; retry: () => void }) {
  const { t } = useTranslation()
  return (
    <div className={css.state} role="alert">
      <IconAlertTriangle size={28} className={css.bad} aria-hidden />
      <p className={css.words}>{sentence(error)}</p>
      <Button variant="default" leftSection={<IconRefresh size={16} aria-hidden />} onClick={retry}>
        {t('common.retry')}
      </Button>
    </div>
  )
}

export function Waiting() {
  const { t } = useTranslation()
  return (
    <div className={`${css.state} ${css.late}`} role="status">
      <Loader size="sm" />
      <span className="vh">{t('common.loading')}</span>
    </div>
  )
}

/** Teaches: what would be here and the one button that brings it. */
interface EmptyProps {
  icon: ReactNode
  title: string
  hint?: string
  action?: ReactNode
  /** It is all there is on the page. */
  page?: boolean
}

export function Empty({ icon, title, hint, action, page }: EmptyProps) {
  const Title = page ? 'h1' : 'h2'
  return (
    <div className={css.state}>
      <div className={css.icon}>{icon}</div>
      <Title className={css.title}>{title}</Title>
      {hint && <p className={css.words}>{hint}</p>}
      {action}
    </div>
  )
}
