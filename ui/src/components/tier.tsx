import { IconAlertOctagonFilled, IconArrowBigUpFilled, IconMinus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Tier } from '@/ipc/bindings'
import css from './tier.module.css'

const ICON = { urgent: IconAlertOctagonFilled, important: IconArrowBigUpFilled, general: IconMinus }

/** 紧急 / 重要 / 一般: icon, word and colour. */
export function TierBadge({ tier }: { tier: Tier }) {
  const { t } = useTranslation()
  const Icon = ICON[tier]
  return (
    <span className={css.tier} data-tier={tier}>
      <Icon size={12} aria-hidden />
      {t(`tier.${tier}`)}
    </span>
  )
}
