import { Button, Group, Switch, Table, Text } from '@mantine/core'
import { modals } from '@mantine/modals'
import { useTranslation } from 'react-i18next'
import { noticeError } from '@/components/notice'
import type { ReadingView, TradeLearning } from '@/ipc/bindings'
import { Card, Field } from '../settings/Section'
import { useResetLearning, useRestoreLearning, useSwitchLearning } from './queries'

/** What corrections have taught, whether it helps, and the ways to switch it off, forget it and bring it back. */
export function Learning({ reading }: { reading: ReadingView }) {
  const { t } = useTranslation()
  const turn = useSwitchLearning()
  const reset = useResetLearning()
  const restore = useRestoreLearning()
  const trades = reading.trades.filter((trade) => trade.examples > 0)
  const ask = () =>
    modals.openConfirmModal({
      title: t('reading.reset'),
      children: <Text size="sm">{t('reading.resetWhat')}</Text>,
      labels: { confirm: t('reading.reset'), cancel: t('common.cancel') },
      confirmProps: { color: 'urgent' },
      closeButtonProps: { 'aria-label': t('common.close') },
      onConfirm: () => reset.mutate(undefined, { onError: noticeError }),
    })
  return (
    <Card title={t('reading.learning')} hint={t('reading.learningHint')}>
      <Field label={t('reading.learningOn')}>
        {(id) => (
          <Switch
            aria-labelledby={id}
            checked={reading.learning}
            data-testid="learning-on"
            onChange={(event) => turn.mutate(event.currentTarget.checked, { onError: noticeError })}
          />
        )}
      </Field>
      {trades.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('reading.nothing')}
        </Text>
      ) : (
        trades.map((trade) => <Trade key={trade.trade} trade={trade} />)
      )}
      <Group mt="md" gap="sm">
        {trades.length > 0 && (
          <Button variant="default" color="urgent" onClick={ask} data-testid="learning-reset">
            {t('reading.reset')}
          </Button>
        )}
        {reading.canRestore && (
          <Button
            variant="default"
            loading={restore.isPending}
            data-testid="learning-restore"
            onClick={() => restore.mutate(undefined, { onError: noticeError })}
          >
            {t('reading.restore')}
          </Button>
        )}
      </Group>
    </Card>
  )
}

function Trade({ trade }: { trade: TradeLearning }) {
  const { t, i18n } = useTranslation()
  const percent = (share: number) => share.toLocaleString(i18n.language, { style: 'percent' })
  const name = trade.trade === '' ? t('reading.noTrade') : t(`industry.${trade.trade}`)
  return (
    <section aria-label={name} data-testid="learned">
      <Text size="sm" fw={600} mt="sm">
        {t('reading.learned', { trade: name, count: trade.examples })}
      </Text>
      {trade.scores.length > 0 && (
        <Table mt={4} verticalSpacing={4} aria-label={t('reading.scoresLabel')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('reading.kind')}</Table.Th>
              <Table.Th ta="right">{t('reading.trials')}</Table.Th>
              <Table.Th ta="right">{t('reading.shipped')}</Table.Th>
              <Table.Th ta="right">{t('reading.personal')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {trade.scores.map((score) => (
              <Table.Tr key={score.kind}>
                <Table.Td>{t(`reading.kinds.${score.kind}`)}</Table.Td>
                <Table.Td ta="right">{score.trials}</Table.Td>
                <Table.Td ta="right">{percent(score.shipped)}</Table.Td>
                <Table.Td ta="right">{percent(score.personal)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {(['worse', 'better'] as const).map(
        (way) =>
          trade[way].length > 0 && (
            <Text key={way} size="sm" c="dimmed" mt={4}>
              {t(`reading.${way}`, { words: trade[way].join(t('common.and')) })}
            </Text>
          ),
      )}
    </section>
  )
}
