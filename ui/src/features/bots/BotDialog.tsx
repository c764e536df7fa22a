import {
  Button,
  Chip,
  Group,
  Modal,
  PasswordInput,
  SegmentedControl,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ChangedMeanwhile, isConflict } from '@/components/changed-meanwhile'
import { sentence } from '@/components/notice'
import { TimeRange } from '@/components/time-range'
import type { AlertLevel, BotKind, BotView } from '@/ipc/bindings'
import { LEVELS } from '../alerts/levels'
import { useSaveBot } from './queries'

const KINDS: BotKind[] = ['wecom', 'dingtalk', 'feishu', 'webhook']
/** 企业微信 knows no signatures; its address is the secret. */
const SIGNED: BotKind[] = ['dingtalk', 'feishu', 'webhook']
const KEYWORDED: BotKind[] = ['dingtalk', 'feishu']
const NIGHT = { from: '22:00', to: '08:00' }

/** A bot's address and what it is told. What is kept in the keyring never comes back here. */
export function BotDialog(props: { bot: BotView | null; close: () => void }) {
  const [round, setRound] = useState(0)
  return <Form key={round} {...props} reload={() => setRound(round + 1)} />
}

function Form({ bot, close, reload }: { bot: BotView | null; close: () => void; reload: () => void }) {
  const { t } = useTranslation()
  const [madeFrom, setMadeFrom] = useState(bot?.revision ?? null)
  const [kind, setKind] = useState<BotKind>(bot?.kind ?? 'wecom')
  const [name, setName] = useState(bot?.name ?? '')
  const [address, setAddress] = useState('')
  const [secret, setSecret] = useState('')
  const [keyword, setKeyword] = useState(bot?.keyword ?? '')
  const [levels, setLevels] = useState<AlertLevel[]>(bot?.levels ?? ['new_urgent', 'due', 'overdue'])
  const [quiet, setQuiet] = useState(bot?.quiet ?? null)
  const [enabled, setEnabled] = useState(bot?.enabled ?? true)
  const save = useSaveBot()
  const submit = () =>
    save.mutate(
      {
        id: bot?.id ?? null,
        kind,
        name: name.trim() || t(`bot.kind.${kind}`),
        address: address.trim() || null,
        secret: secret.trim() || null,
        levels,
        quiet,
        enabled,
        keyword: keyword.trim() || null,
        madeFrom,
      },
      { onSuccess: close },
    )
  return (
    <Modal
      opened
      onClose={close}
      size="lg"
      title={t(bot ? 'bot.editTitle' : 'bot.add')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <Stack gap="md">
          {!bot && (
            <SegmentedControl
              fullWidth
              aria-label={t('bot.kindLabel')}
              value={kind}
              onChange={(value) => setKind(value as BotKind)}
              data={KINDS.map((one) => ({ value: one, label: t(`bot.kind.${one}`) }))}
            />
          )}
          <Text size="sm" c="dimmed">
            {t(`bot.how.${kind}`)}
          </Text>
          <TextInput
            label={t('bot.address')}
            placeholder={bot ? t('bot.unchanged', { address: bot.address }) : t(`bot.addressLike.${kind}`)}
            value={address}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
            data-testid="bot-address"
            onChange={(event) => setAddress(event.currentTarget.value)}
          />
          {SIGNED.includes(kind) && (
            <PasswordInput
              label={t('bot.secret')}
              description={t(`bot.secretHint.${kind}`)}
              placeholder={bot?.hasSecret ? t('bot.secretKept') : ''}
              value={secret}
              autoComplete="off"
              visibilityToggleButtonProps={{ 'aria-label': t('bot.showSecret') }}
              data-testid="bot-secret"
              onChange={(event) => setSecret(event.currentTarget.value)}
            />
          )}
          {KEYWORDED.includes(kind) && (
            <TextInput
              label={t('bot.keyword')}
              description={t('bot.keywordHint')}
              value={keyword}
              maxLength={40}
              onChange={(event) => setKeyword(event.currentTarget.value)}
            />
          )}
          <TextInput
            label={t('bot.name')}
            placeholder={t('bot.namePlaceholder')}
            value={name}
            maxLength={40}
            data-testid="bot-name"
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <div>
            <Text size="sm" fw={500} mb={6} id="bot-levels">
              {t('bot.levels')}
            </Text>
            <Chip.Group multiple value={levels} onChange={(next) => setLevels(next as AlertLevel[])}>
              <Group gap={6} role="group" aria-labelledby="bot-levels">
                {LEVELS.map((level) => (
                  <Chip key={level} size="xs" value={level}>
                    {t(`level.short.${level}`)}
                  </Chip>
                ))}
              </Group>
            </Chip.Group>
          </div>
          <Group gap="lg">
            <Switch
              label={t('alerting.quiet')}
              checked={quiet !== null}
              onChange={(event) => setQuiet(event.currentTarget.checked ? NIGHT : null)}
            />
            {quiet && (
              <TimeRange
                label={t('alerting.quiet')}
                from={quiet.from}
                to={quiet.to}
                change={(from, to) => setQuiet({ from, to })}
              />
            )}
          </Group>
          <Switch
            label={t('bot.enabled')}
            checked={enabled}
            onChange={(event) => setEnabled(event.currentTarget.checked)}
          />
          {isConflict(save.error) ? (
            <ChangedMeanwhile
              reload={reload}
              keep={() => {
                setMadeFrom(bot?.revision ?? null)
                save.reset()
              }}
            />
          ) : (
            save.error && (
              <Text size="sm" c="var(--urgent)" role="alert">
                {sentence(save.error)}
              </Text>
            )
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('common.cancel')}
            </Button>
            <Button
              type="submit"
              loading={save.isPending}
              disabled={isConflict(save.error) || levels.length === 0 || (!bot && address.trim() === '')}
              data-testid="bot-save"
            >
              {t('save.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
