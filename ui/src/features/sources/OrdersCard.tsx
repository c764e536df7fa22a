import { Button } from '@mantine/core'
import { IconShoppingCart } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { notice, noticeError } from '@/components/notice'
import { useImportOrders } from './queries'
import css from './Sources.module.css'

/** 导入订单: what rates per thousand orders and repurchase are computed from. */
export function OrdersCard() {
  const { t, i18n } = useTranslation()
  const orders = useImportOrders()
  const number = (value: number) => value.toLocaleString(i18n.language)
  const choose = () =>
    orders.mutate(undefined, {
      onError: noticeError,
      onSuccess: (result) => {
        if (!result) return
        const words = t('orders.result', {
          read: number(result.read),
          new: number(result.new),
          known: number(result.known),
        })
        const rejected = result.rejected > 0 ? t('orders.rejected', { count: result.rejected }) : ''
        notice([words + rejected, result.note].filter(Boolean).join(' '), result.fileName)
      },
    })
  return (
    <section className={css.orders} aria-label={t('orders.title')}>
      <IconShoppingCart size={24} stroke={1.5} aria-hidden />
      <p className={css.hint}>
        <b>{t('orders.title')}</b> {t('orders.hint')}
      </p>
      <Button variant="default" loading={orders.isPending} onClick={choose} data-testid="orders-import">
        {t('orders.choose')}
      </Button>
    </section>
  )
}
