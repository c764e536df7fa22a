import { ActionIcon, Button, MultiSelect, Switch, Table, Text, TextInput } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { notice, noticeError } from '@/components/notice'
import type { KeywordRule, ReviewChannel } from '@/ipc/bindings'
import { Card } from '../settings/Section'
import { CHANNELS } from '../words'
import { useSaveKeywords } from './queries'
import css from './Reading.module.css'

/** Every change is saved at once; an empty list says what the words are for. */
export function Keywords({ keywords }: { keywords: KeywordRule[] }) {
  const { t } = useTranslation()
  const [word, setWord] = useState('')
  const save = useSaveKeywords()
  const change = (to: KeywordRule[], done?: () => void) =>
    save.mutate(to, {
      onError: noticeError,
      onSuccess: () => {
        notice(t('settings.saved'))
        done?.()
      },
    })
  const edit = (at: number, to: Partial<KeywordRule>) =>
    change(keywords.map((one, index) => (index === at ? { ...one, ...to } : one)))
  return (
    <Card title={t('reading.keywords')} hint={t('reading.keywordsHint')}>
      <form
        className={css.add}
        onSubmit={(event) => {
          event.preventDefault()
          if (word.trim() === '') return
          change([...keywords, { keyword: word.trim(), channels: [], urgent: false }], () => setWord(''))
        }}
      >
        <TextInput
          aria-label={t('reading.keyword')}
          placeholder={t('reading.keywordPlaceholder')}
          value={word}
          maxLength={40}
          data-testid="keyword"
          onChange={(event) => setWord(event.currentTarget.value)}
        />
        <Button
          type="submit"
          leftSection={<IconPlus size={16} aria-hidden />}
          disabled={word.trim() === ''}
          loading={save.isPending}
          data-testid="keyword-add"
        >
          {t('reading.add')}
        </Button>
      </form>
      {keywords.length === 0 ? (
        <Text size="sm" c="dimmed" mt="md">
          {t('reading.none')}。{t('reading.noneHint')}
        </Text>
      ) : (
        <Table mt="sm" verticalSpacing={6} aria-label={t('reading.keywords')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('reading.keyword')}</Table.Th>
              <Table.Th>{t('reading.channels')}</Table.Th>
              <Table.Th>{t('reading.urgent')}</Table.Th>
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {keywords.map((one, at) => (
              <Table.Tr key={one.keyword} data-testid="keyword-row">
                <Table.Td className={css.word}>{one.keyword}</Table.Td>
                <Table.Td>
                  <MultiSelect
                    size="xs"
                    w={280}
                    searchable
                    clearable
                    aria-label={t('reading.channels')}
                    placeholder={one.channels.length === 0 ? t('reading.allChannels') : undefined}
                    data={CHANNELS.map((channel) => ({ value: channel, label: t(`channel.${channel}`) }))}
                    value={one.channels}
                    onChange={(channels) => edit(at, { channels: channels as ReviewChannel[] })}
                  />
                </Table.Td>
                <Table.Td>
                  <Switch
                    aria-label={`${one.keyword} ${t('reading.urgent')}`}
                    checked={one.urgent}
                    data-testid="keyword-urgent"
                    onChange={(event) => edit(at, { urgent: event.currentTarget.checked })}
                  />
                </Table.Td>
                <Table.Td>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={t('reading.remove', { keyword: one.keyword })}
                    onClick={() => change(keywords.filter((_, index) => index !== at))}
                  >
                    <IconX size={16} aria-hidden />
                  </ActionIcon>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Card>
  )
}
