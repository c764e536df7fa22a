import { Button } from '@mantine/core'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ActivityView } from '@/ipc/bindings'
import { useNow } from '@/lib/now'
import { dayTime, shortTime } from '@/lib/time'
import { useWorkspace } from '../workspace'
import card from './card.module.css'
import css from './Trail.module.css'

const FIRST = 8

/** 经过: everything that happened, newest first. */
export function Trail({ activities }: { activities: ActivityView[] }) {
  const { t } = useTranslation()
  const [all, setAll] = useState(false)
  const newest = [...activities].reverse()
  const shown = all ? newest : newest.slice(0, FIRST)
  return (
    <section className={card.card} aria-label={t('trail.label')}>
      <h3 className={card.title}>{t('trail.label')}</h3>
      <ol className={css.trail} data-testid="trail">
        {shown.map((activity) => (
          <Entry key={activity.id} activity={activity} />
        ))}
      </ol>
      {newest.length > shown.length && (
        <Button variant="subtle" size="compact-sm" onClick={() => setAll(true)}>
          {t('trail.more', { count: newest.length - shown.length })}
        </Button>
      )}
    </section>
  )
}

function Entry({ activity }: { activity: ActivityView }) {
  const { t, i18n } = useTranslation()
  const { zone } = useWorkspace()
  const now = useNow()
  const at = Date.parse(activity.at)
  const values = Object.fromEntries(
    activity.data.map(([name, value]) => [name, say(t, i18n.language, name, value, now, zone)]),
  )
  const reason = activity.data.find(([name]) => name === 'reason')?.[1]
  const text = activity.text ?? (activity.kind === 'dismissed' ? null : reason)
  return (
    <li className={css.entry} data-undone={activity.undone || undefined} data-kind={activity.kind}>
      <time className={css.time} dateTime={activity.at} title={dayTime(t, i18n.language, at, now, zone)}>
        {shortTime(t, i18n.language, at, now, zone)}
      </time>
      <div className={css.what}>
        <span>
          <b>{activity.actor ?? t('trail.program')}</b> {t([`activity.${activity.kind}`, 'activity.other'], values)}
          {activity.undone && <span className={css.undone}>{t('trail.undone')}</span>}
        </span>
        {text && <p className={css.text}>{text}</p>}
      </div>
    </li>
  )
}

/** A value of an activity in the reader's words. */
function say(t: TFunction, locale: string, name: string, value: string, now: number, zone: string): string {
  if (value === '') return ''
  if (/^\d{4}-\d\d-\d\dT/.test(value)) return dayTime(t, locale, Date.parse(value), now, zone)
  const word = (one: string) =>
    t(
      [
        `tier.${one}`,
        `status.${one}`,
        `cause.${one}`,
        `severity.${one}`,
        `risk.${one}`,
        `channel.${one}`,
        `dismiss.${one}`,
        `invitation.${one}`,
        `metric.${one}`,
        `sentiment.${one}`,
      ],
      {
        defaultValue: one,
      },
    )
  // `none` and `general` stand for different words in different vocabularies, so the name decides first.
  const plain = name.replace(/^(from|to|old|new)_?/, '') || name
  const own = t([`${plain}.${value}`], { defaultValue: '' })
  return (
    own ||
    value
      .split(/[,、]/)
      .map((one) => word(one.trim()))
      .join(t('common.listJoin'))
  )
}
