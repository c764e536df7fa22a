import { Alert, Button, Radio, Stack, Text } from '@mantine/core'
import { IconBellRinging, IconCheck, IconFileImport, IconMoonStars } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { noticeError, sentence } from '@/components/notice'
import { LOCALES } from '@/i18n'
import type { CalendarChoice, Industry, Locale, NotificationHealth } from '@/ipc/bindings'
import { platform } from '@/ipc/platform'
import type { AppRouter } from '@/routes/router'
import { type PersonDraft, PersonForm } from '../people/PersonForm'
import { takeFile } from '../sources/import-store'
import { useChooseFile } from '../sources/queries'
import { INDUSTRIES } from '../words'
import { useLoadSample, useSitDown, useTestNotification, useUpdateWorkspace, useWorkspace } from '../workspace'
import css from './Welcome.module.css'

const STEPS = ['language', 'trade', 'calendar', 'person', 'notification', 'reviews'] as const

/** First start: six short questions, each with a good answer already chosen, each skippable. */
export function Welcome({ router }: { router: AppRouter }) {
  const { t } = useTranslation()
  const workspace = useWorkspace()
  const update = useUpdateWorkspace()
  const sit = useSitDown()
  const [at, setAt] = useState(0)
  const [industry, setIndustry] = useState<Industry>(workspace.industry)
  const [calendar, setCalendar] = useState<CalendarChoice>(workspace.calendar)
  const [person, setPerson] = useState<PersonDraft>({ name: '', role: 'agent' })
  const step = STEPS[at] ?? 'language'
  const last = at === STEPS.length - 1

  const next = () => setAt((now) => Math.min(STEPS.length - 1, now + 1))
  const leave = (to: '/inbox' | '/sources') => {
    if (to === '/inbox') void router.navigate({ to, search: { view: 'mine' }, replace: true })
    else void router.navigate({ to, replace: true })
    update.mutate({ welcomed: true }, { onError: noticeError })
  }
  const save = () => {
    const then = { onSuccess: next, onError: noticeError }
    if (step === 'trade') update.mutate({ industry }, then)
    else if (step === 'calendar') update.mutate({ calendar }, then)
    else if (step === 'person' && person.name.trim() !== '')
      sit.mutate({ id: null, name: person.name.trim(), role: person.role }, { onSuccess: next })
    else next()
  }

  // A file dropped at any step is a good answer to the last one.
  useEffect(
    () =>
      platform().listen('filesDropped', ({ files }) => {
        const [file] = files
        if (!file) return
        takeFile(file)
        void router.navigate({ to: '/sources', replace: true })
        update.mutate({ welcomed: true })
      }),
    [router, update.mutate],
  )

  return (
    <main className={css.page}>
      <div className={css.card}>
        <div className={css.brand}>
          <span className={css.logo} aria-hidden>
            挽
          </span>
          <span>{t('app.name')}</span>
          <span className={css.space} />
          <span className={css.count}>{t('welcome.count', { at: at + 1, of: STEPS.length })}</span>
        </div>
        <div className={css.progress} aria-hidden>
          {STEPS.map((name, index) => (
            <i key={name} data-past={index <= at || undefined} />
          ))}
        </div>
        <form
          className={css.form}
          onSubmit={(event) => {
            event.preventDefault()
            if (!last) save()
          }}
        >
          <div className={css.step} key={step}>
            <h1 className={css.title}>{t(`welcome.${step}.title`)}</h1>
            <p className={css.hint}>{t(`welcome.${step}.hint`)}</p>
            {step === 'language' && <LanguageStep />}
            {step === 'trade' && (
              <Radio.Group
                value={industry}
                onChange={(value) => setIndustry(value as Industry)}
                aria-label={t('welcome.trade.title')}
              >
                <div className={css.choices}>
                  {INDUSTRIES.map((one) => (
                    <Choice key={one} value={one} title={t(`industry.${one}`)} hint={t(`industry.hint.${one}`)} />
                  ))}
                </div>
              </Radio.Group>
            )}
            {step === 'calendar' && (
              <Radio.Group
                value={calendar}
                onChange={(value) => setCalendar(value as CalendarChoice)}
                aria-label={t('welcome.calendar.title')}
              >
                <div className={css.choices}>
                  {(['always', 'business'] as const).map((one) => (
                    <Choice key={one} value={one} title={t(`calendar.${one}`)} hint={t(`calendar.hint.${one}`)} />
                  ))}
                </div>
              </Radio.Group>
            )}
            {step === 'person' && (
              <PersonForm draft={person} change={setPerson} error={sit.error ? sentence(sit.error) : null} />
            )}
            {step === 'notification' && <NotificationStep />}
            {step === 'reviews' && <ReviewsStep leave={leave} />}
          </div>
          <div className={css.foot}>
            {at > 0 && (
              <Button variant="subtle" color="gray" onClick={() => setAt(at - 1)} data-testid="welcome-back">
                {t('welcome.back')}
              </Button>
            )}
            <span className={css.space} />
            <Button
              variant="subtle"
              color="gray"
              data-testid="welcome-skip"
              onClick={() => (last ? leave('/inbox') : next())}
            >
              {t(last ? 'welcome.later' : 'welcome.skip')}
            </Button>
            {!last && (
              <Button type="submit" loading={update.isPending || sit.isPending} data-testid="welcome-next">
                {t('welcome.next')}
              </Button>
            )}
          </div>
        </form>
      </div>
      <button type="button" className={css.skipAll} onClick={() => leave('/inbox')} data-testid="welcome-skip-all">
        {t('welcome.skipAll')}
      </button>
    </main>
  )
}

function Choice({ value, title, hint }: { value: string; title: string; hint: string }) {
  return (
    <Radio.Card value={value} className={css.choice} data-testid={`choice-${value}`}>
      <Radio.Indicator />
      <span>
        <b>{title}</b>
        <span className={css.choiceHint}>{hint}</span>
      </span>
    </Radio.Card>
  )
}

function LanguageStep() {
  const { t } = useTranslation()
  const { locale } = useWorkspace()
  const update = useUpdateWorkspace()
  return (
    <Radio.Group
      value={locale}
      onChange={(value) => update.mutate({ locale: value as Locale }, { onError: noticeError })}
      aria-label={t('welcome.language.title')}
    >
      <div className={css.choices}>
        {LOCALES.map((one) => (
          <Choice key={one} value={one} title={t(`locale.${one}`)} hint={t(`locale.hint.${one}`)} />
        ))}
      </div>
    </Radio.Group>
  )
}

/** A test that the person confirms with their own eyes; what the desktop says about itself proves nothing. */
export function NotificationTest() {
  const { t } = useTranslation()
  const { notifications } = useWorkspace()
  const test = useTestNotification()
  const update = useUpdateWorkspace()
  const answer = (notificationSeen: boolean) => update.mutate({ notificationSeen }, { onError: noticeError })
  const health: NotificationHealth = test.data === 'missing' ? 'missing' : notifications
  return (
    <Stack gap="sm">
      <div className={css.test}>
        <Button
          variant={notifications === 'confirmed' ? 'default' : 'light'}
          leftSection={<IconBellRinging size={17} aria-hidden />}
          loading={test.isPending}
          data-testid="notification-test"
          onClick={() => test.mutate(undefined, { onError: noticeError })}
        >
          {t(test.data ? 'notification.again' : 'notification.test')}
        </Button>
        {test.data && test.data !== 'missing' && (
          <>
            <Button
              variant="default"
              leftSection={<IconCheck size={16} aria-hidden />}
              onClick={() => answer(true)}
              data-testid="notification-seen"
            >
              {t('notification.seen')}
            </Button>
            <Button variant="default" onClick={() => answer(false)} data-testid="notification-unseen">
              {t('notification.unseen')}
            </Button>
          </>
        )}
      </div>
      <div role="status">
        {health === 'confirmed' && (
          <Text size="sm" c="var(--ok)">
            {t('notification.confirmed')}
          </Text>
        )}
        {(health === 'not_seen' || health === 'missing') && (
          <Alert color="orange" variant="light" title={t(`notification.${health}`)}>
            {t(`notification.${health}_hint`)}
          </Alert>
        )}
      </div>
    </Stack>
  )
}

function NotificationStep() {
  const { t } = useTranslation()
  const { hasTray } = useWorkspace()
  return (
    <Stack gap="md">
      <NotificationTest />
      <div className={css.honest}>
        <IconMoonStars size={18} aria-hidden />
        <span>
          {t('notification.asleep')} {t(hasTray ? 'notification.tray' : 'notification.noTray')}
        </span>
      </div>
    </Stack>
  )
}

function ReviewsStep({ leave }: { leave: (to: '/inbox' | '/sources') => void }) {
  const { t } = useTranslation()
  const choose = useChooseFile()
  const sample = useLoadSample()
  return (
    <div className={css.bring}>
      <IconFileImport size={34} stroke={1.5} aria-hidden />
      <p>{t('welcome.reviews.drop')}</p>
      <Button
        size="md"
        loading={choose.isPending}
        data-testid="choose-file"
        onClick={() =>
          choose.mutate(undefined, { onError: noticeError, onSuccess: (file) => file && leave('/sources') })
        }
      >
        {t('sources.choose')}
      </Button>
      <Button
        variant="subtle"
        loading={sample.isPending}
        data-testid="load-sample"
        onClick={() => sample.mutate(undefined, { onError: noticeError, onSuccess: () => leave('/inbox') })}
      >
        {t('welcome.reviews.sample')}
      </Button>
      <p className={css.choiceHint}>{t('welcome.reviews.local')}</p>
    </div>
  )
}
