import { useTranslation } from 'react-i18next'
import { Copyable } from '@/components/copyable'
import type { TicketView } from '@/ipc/bindings'
import { useNow } from '@/lib/now'
import { exactTime } from '@/lib/time'
import { useWorkspace } from '../workspace'
import card from './card.module.css'
import css from './Facts.module.css'

/** Customer, order and product; numbers copy on a click. */
export function Facts({ ticket }: { ticket: TicketView }) {
  const { t, i18n } = useTranslation()
  const { zone } = useWorkspace()
  useNow()
  const { review } = ticket
  const facts: [string, React.ReactNode][] = []
  const add = (name: string, value: React.ReactNode) => {
    if (value) facts.push([t(`facts.${name}`), value])
  }
  add('author', review.author)
  if (ticket.customerReviews > 1) {
    add('history', t('facts.reviews', { count: ticket.customerReviews, negative: ticket.customerNegative }))
  }
  add('order', review.orderId && <Copyable value={review.orderId} label={t('facts.order')} />)
  add('product', [review.product, review.variant].filter(Boolean).join(' · '))
  add('shop', review.shop)
  add('channel', t(`channel.${review.channel}`))
  add('rating', review.ratingRaw && String(review.stars ?? '') !== review.ratingRaw ? review.ratingRaw : null)
  add('received', exactTime(i18n.language, Date.parse(review.receivedAt), zone))
  return (
    <section className={card.card} aria-label={t('facts.label')}>
      <h3 className={card.title}>{t('facts.label')}</h3>
      <dl className={css.facts}>
        {facts.map(([name, value]) => (
          <div key={name} className={css.fact}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
