import { Alert, Badge, Button, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import { IconAlertTriangle, IconCheck, IconPlus, IconRobot, IconSend } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { noticeError, sentence } from '@/components/notice'
import { Empty, Failure, Waiting } from '@/components/states'
import type { BotView } from '@/ipc/bindings'
import { useNow } from '@/lib/now'
import { dayTime } from '@/lib/time'
import { useAlertRules } from '../alerts/queries'
import { Section } from '../settings/Section'
import { useWorkspace } from '../workspace'
import { BotDialog } from './BotDialog'
import css from './Bots.module.css'
import { useBots, useRemoveBot, useTestBot } from './queries'

/** 群机器人: alerts reach people in their work chat when nobody is at the desk. */
export function BotSettings() {
  const { t } = useTranslation()
  const bots = useBots()
  const rules = useAlertRules()
  const [editing, setEditing] = useState<string | null>(null)
  const add = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setEditing('new')} data-testid="bot-add">
      {t('bot.add')}
    </Button>
  )
  return (
    <Section name="bots" hint={t('bot.hint')} aside={bots.data && bots.data.length > 0 ? add : undefined}>
      {rules.data && !rules.data.keyringAvailable && (
        <Alert color="orange" variant="light" icon={<IconAlertTriangle size={17} aria-hidden />}>
          {t('bot.noKeyring')}
        </Alert>
      )}
      {bots.error ? (
        <Failure error={bots.error} retry={() => void bots.refetch()} />
      ) : !bots.data ? (
        <Waiting />
      ) : bots.data.length === 0 ? (
        <Empty icon={<IconRobot aria-hidden />} title={t('bot.none')} hint={t('bot.noneHint')} action={add} />
      ) : (
        bots.data.map((bot) => <Bot key={bot.id} bot={bot} edit={() => setEditing(bot.id)} />)
      )}
      {editing && (
        <BotDialog bot={bots.data?.find((bot) => bot.id === editing) ?? null} close={() => setEditing(null)} />
      )}
    </Section>
  )
}

function Bot({ bot, edit }: { bot: BotView; edit: () => void }) {
  const { t, i18n } = useTranslation()
  const { zone } = useWorkspace()
  const now = useNow()
  const test = useTestBot()
  const remove = useRemoveBot()
  const ask = () =>
    modals.openConfirmModal({
      title: t('bot.removeTitle', { name: bot.name }),
      children: <Text size="sm">{t('bot.removeWhat')}</Text>,
      labels: { confirm: t('bot.remove'), cancel: t('common.cancel') },
      confirmProps: { color: 'urgent' },
      closeButtonProps: { 'aria-label': t('common.close') },
      onConfirm: () => remove.mutate(bot.id, { onError: noticeError }),
    })
  const facts = [
    t('bot.tells', { levels: bot.levels.map((level) => t(`level.short.${level}`)).join(t('common.and')) }),
    bot.quiet && t('bot.quietFrom', { from: bot.quiet.from, to: bot.quiet.to }),
    bot.hasSecret && t('bot.signed'),
    bot.waiting > 0 && t('bot.waiting', { count: bot.waiting }),
    bot.lastOkAt && t('bot.lastOk', { time: dayTime(t, i18n.language, Date.parse(bot.lastOkAt), now, zone) }),
  ].filter(Boolean)
  return (
    <article className={css.bot} aria-label={bot.name} data-testid="bot">
      <div className={css.head}>
        <h2 className={css.name}>{bot.name}</h2>
        <Badge variant="light" color="gray" tt="none">
          {t(`bot.kind.${bot.kind}`)}
        </Badge>
        {!bot.enabled && (
          <Badge variant="light" color="orange" tt="none">
            {t('bot.off')}
          </Badge>
        )}
        <span className={css.space} />
        <Button
          size="compact-md"
          variant="default"
          leftSection={<IconSend size={15} aria-hidden />}
          loading={test.isPending}
          data-testid="bot-test"
          onClick={() => test.mutate(bot.id)}
        >
          {t('bot.test')}
        </Button>
        <Button size="compact-md" variant="default" onClick={edit} data-testid="bot-edit">
          {t('bot.edit')}
        </Button>
        <Button size="compact-md" variant="subtle" color="urgent" onClick={ask} data-testid="bot-remove">
          {t('bot.remove')}
        </Button>
      </div>
      <p className={css.address}>{bot.address}</p>
      <p className={css.facts}>{facts.join(' · ')}</p>
      <div role="status">
        {test.data || test.error ? (
          <Alert
            color={test.data?.ok ? 'brand' : 'urgent'}
            variant="light"
            icon={test.data?.ok ? <IconCheck size={17} aria-hidden /> : <IconAlertTriangle size={17} aria-hidden />}
            mt="sm"
            data-testid="bot-test-result"
          >
            {test.data ? test.data.message : sentence(test.error)}
          </Alert>
        ) : (
          bot.lastError && (
            <Alert color="urgent" variant="light" icon={<IconAlertTriangle size={17} aria-hidden />} mt="sm">
              {t('bot.lastError', { error: bot.lastError })}
            </Alert>
          )
        )}
      </div>
    </article>
  )
}
