import { Alert, Button, Collapse, UnstyledButton } from '@mantine/core'
import {
  IconAlertTriangle,
  IconCheck,
  IconChevronDown,
  IconChevronRight,
  IconMessageReply,
  IconQuestionMark,
  IconUser,
} from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Copyable } from '@/components/copyable'
import { Marked, useAbout } from '@/components/marked'
import { noticeError } from '@/components/notice'
import { Stars } from '@/components/stars'
import type { CauseView, ReviewVersionView, RiskView, TicketView } from '@/ipc/bindings'
import { hue } from '@/lib/marks'
import { useNow } from '@/lib/now'
import { dayOnly, dayTime } from '@/lib/time'
import { useWorkspace } from '../workspace'
import card from './card.module.css'
import { undoable, useTicketChange } from './mutations'
import css from './ReviewCard.module.css'

interface Props {
  ticket: TicketView
  correct: (() => void) | undefined
}

/** The customer's words with what was read out of them, and why that makes this tier. */
export function ReviewCard({ ticket, correct }: Props) {
  const { t, i18n } = useTranslation()
  const { zone } = useWorkspace()
  const now = useNow()
  const { review, assessment } = ticket
  const [lit, setLit] = useState<string | null>(null)

  const posted = review.postedAt ? Date.parse(review.postedAt) : null
  const coarse = review.postedPrecision === 'day' || review.postedPrecision === 'month'
  const times = [
    posted === null
      ? t('review.noTime')
      : t('review.posted', {
          time: coarse ? dayOnly(t, i18n.language, posted, now, zone) : dayTime(t, i18n.language, posted, now, zone),
        }),
    t('review.received', { time: dayTime(t, i18n.language, Date.parse(review.receivedAt), now, zone) }),
  ]

  return (
    <section className={card.card} aria-label={t('review.label')}>
      <div className={css.who}>
        <Stars stars={review.stars} polarity={review.polarity} full />
        {review.author && <span className={css.author}>{review.author}</span>}
        <span>{times.join(' · ')}</span>
        <span className={card.space} />
        {review.url && (
          <Copyable value={review.url} label={t('review.link')}>
            {t('review.copyLink')}
          </Copyable>
        )}
      </div>
      {review.title && <h3 className={css.heading}>{review.title}</h3>}
      {review.body === '' ? (
        <p className={css.none}>{t('review.noText')}</p>
      ) : (
        <p className={css.words} data-testid="review-body">
          <Marked text={review.body} marks={review.marks} lit={lit} />
        </p>
      )}
      {review.appends.map((append) => (
        <Append key={`${append.at}-${append.body.length}`} append={append} />
      ))}
      {review.merchantReply && (
        <div className={css.reply}>
          <IconMessageReply size={15} aria-hidden />
          <span>
            <b>{t('review.merchantReply')}</b> {review.merchantReply}
          </span>
        </div>
      )}
      {review.versions.length > 0 && <Versions versions={review.versions} />}

      <div className={css.reading}>
        <span className={css.lead}>{t('assessment.label')}</span>
        <span className={css.tag} data-severity={assessment.severity}>
          {t(`severity.${assessment.severity}`)}
        </span>
        {assessment.causes.map((cause) => (
          <Finding key={cause.cause} about={cause.cause} finding={cause} lit={lit} light={setLit} />
        ))}
        {assessment.risks.map((risk) => (
          <Finding key={risk.risk} about={risk.risk} finding={risk} risk lit={lit} light={setLit} />
        ))}
        {assessment.starsDisagree && <span className={css.tag}>{t('assessment.starsDisagree')}</span>}
        {!assessment.genuine && <span className={css.tag}>{t('assessment.notGenuine')}</span>}
        <span className={card.space} />
        {correct && (
          <Button variant="subtle" size="compact-sm" onClick={correct} data-testid="correct">
            {t('assessment.correct')}
          </Button>
        )}
      </div>
      <WhyTier ticket={ticket} />
      {assessment.needsConfirmation && (
        <Alert
          className={css.doubt}
          color="blue"
          variant="light"
          icon={<IconQuestionMark size={17} aria-hidden />}
          title={t('assessment.confirmTitle')}
        >
          <p className={css.doubtWords}>
            {t('assessment.confirmHint', { percent: Math.round((assessment.confidence ?? 0) * 100) })}
          </p>
          {correct && <Confirm ticket={ticket} correct={correct} />}
        </Alert>
      )}
      {(assessment.language === 'english' || assessment.language === 'other') && (
        <p className={css.language}>{t(`assessment.language.${assessment.language}`)}</p>
      )}
    </section>
  )
}

/** One click says that the reading is right; it settles the question and teaches the classifier. */
function Confirm({ ticket, correct }: { ticket: TicketView; correct: () => void }) {
  const { t } = useTranslation()
  const confirm = useTicketChange('ticketCorrect')
  const { severity } = ticket.assessment
  const right = () =>
    confirm.mutate(
      {
        ticket: { id: ticket.id, version: ticket.version },
        tier: null,
        causes: null,
        severity,
        sentiment: null,
        reason: null,
      },
      {
        onError: noticeError,
        onSuccess: () => {
          const bar = undoable.get()
          if (bar) undoable.set({ ...bar, words: t('assessment.confirmedBar', { number: ticket.number }) })
        },
      },
    )
  return (
    <div className={card.row}>
      <Button
        size="compact-md"
        leftSection={<IconCheck size={15} aria-hidden />}
        loading={confirm.isPending}
        onClick={right}
        data-testid="assessment-confirm"
      >
        {t('assessment.right')}
      </Button>
      <Button size="compact-md" variant="default" onClick={correct}>
        {t('assessment.correct')}
      </Button>
    </div>
  )
}

interface FindingProps {
  about: string
  finding: CauseView | RiskView
  risk?: boolean
  lit: string | null
  light: (about: string | null) => void
}

/** A cause or risk; pointing at it raises its words in the text. */
function Finding({ about, finding, risk, lit, light }: FindingProps) {
  const { t } = useTranslation()
  const name = useAbout()(about)
  const percent = Math.round((finding.probability ?? 0) * 100)
  const said = finding.by === 'person'
  const words =
    finding.words.length > 0 ? t('assessment.words', { words: finding.words.join(t('common.quoteJoin')) }) : undefined
  return (
    <button
      type="button"
      className={css.finding}
      data-hue={hue(about)}
      aria-pressed={lit === about}
      title={words}
      onMouseEnter={() => light(about)}
      onMouseLeave={() => light(null)}
      onFocus={() => light(about)}
      onBlur={() => light(null)}
      onClick={() => light(about)}
    >
      {risk && <IconAlertTriangle size={12} aria-hidden />}
      {risk ? t('assessment.risk', { risk: name }) : name}
      {said ? (
        <IconUser size={12} aria-label={t('assessment.byPerson')} />
      ) : (
        <span className={css.percent}>{t('assessment.percent', { percent })}</span>
      )}
      {words && <span className="vh">{words}</span>}
    </button>
  )
}

/** 为什么是紧急：the rule that fired and the steps up. */
function WhyTier({ ticket }: { ticket: TicketView }) {
  const { t } = useTranslation()
  const { tier } = ticket
  const name = t(`tier.${tier.tier}`)
  const rule = t([`triage.rule.${tier.rule}`, 'triage.rule.other'])
  const steps = tier.steps.map((step) => t([`triage.step.${step}`, 'triage.step.other']))
  const reasons = tier.byPerson ? [t('triage.byPerson', { who: tier.byPerson })] : [rule, ...steps]
  if (tier.keyword) reasons.push(t('triage.keyword', { keyword: tier.keyword }))
  if (tier.tellManager) reasons.push(t('triage.tellManager'))
  if (tier.replyNeedsApproval) reasons.push(t('triage.needsApproval'))
  return (
    <p className={css.why} data-testid="why-tier">
      <b>{t('triage.why', { tier: name })}</b>
      {t('triage.sentence', { words: reasons.join(t('common.listJoin')) })}
    </p>
  )
}

function Append({ append }: { append: ReviewVersionView }) {
  const { t, i18n } = useTranslation()
  const { zone } = useWorkspace()
  const now = useNow()
  return (
    <div className={css.append} data-testid="append">
      <b>{t('review.append')}</b>
      <span className={css.small}>{dayTime(t, i18n.language, Date.parse(append.at), now, zone)}</span>
      {append.stars !== null && <Stars stars={append.stars} />}
      <p>{append.body}</p>
    </div>
  )
}

function Versions({ versions }: { versions: ReviewVersionView[] }) {
  const { t, i18n } = useTranslation()
  const { zone } = useWorkspace()
  const now = useNow()
  const [open, setOpen] = useState(false)
  return (
    <div className={css.versions}>
      <UnstyledButton className={css.toggle} aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? <IconChevronDown size={14} aria-hidden /> : <IconChevronRight size={14} aria-hidden />}
        {t('review.versions', { count: versions.length })}
      </UnstyledButton>
      <Collapse expanded={open}>
        {versions.map((version) => (
          <div key={version.at} className={css.version}>
            <span className={css.small}>{dayTime(t, i18n.language, Date.parse(version.at), now, zone)}</span>
            {version.stars !== null && <Stars stars={version.stars} />}
            <p>{version.body || t('review.noText')}</p>
          </div>
        ))}
      </Collapse>
    </div>
  )
}
