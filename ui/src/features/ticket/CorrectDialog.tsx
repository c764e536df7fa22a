import { Button, Group, Modal, MultiSelect, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { sentence } from '@/components/notice'
import type { Cause, Sentiment, Severity, TicketView, Tier } from '@/ipc/bindings'
import { CAUSES, SENTIMENTS, SEVERITIES, TIERS } from '../words'
import { useTicketChange } from './mutations'

/** 不对？改正: only what was changed is sent, so that the core learns exactly that. */
export function CorrectDialog({ ticket, close }: { ticket: TicketView; close: () => void }) {
  const { t } = useTranslation()
  const { assessment } = ticket
  const before = {
    tier: ticket.tier.tier,
    severity: assessment.severity,
    sentiment: assessment.sentiment,
    causes: assessment.causes.map(({ cause }) => cause),
  }
  const [tier, setTier] = useState<Tier>(before.tier)
  const [severity, setSeverity] = useState<Severity>(before.severity)
  const [sentiment, setSentiment] = useState<Sentiment>(before.sentiment)
  const [causes, setCauses] = useState<Cause[]>(before.causes)
  const [reason, setReason] = useState('')
  const correct = useTicketChange('ticketCorrect')
  const change = {
    tier: tier === before.tier ? null : tier,
    severity: severity === before.severity ? null : severity,
    sentiment: sentiment === before.sentiment ? null : sentiment,
    causes: causes.join() === before.causes.join() ? null : causes,
  }
  const changed = Object.values(change).some((value) => value !== null)
  const ids = useId()
  const choice = <T extends string>(
    name: string,
    word: string,
    values: readonly T[],
    value: T,
    set: (value: T) => void,
  ) => (
    <div>
      <Text size="sm" fw={500} mb={4} id={`${ids}-${name}`}>
        {t(`correct.${name}`)}
      </Text>
      <SegmentedControl
        fullWidth
        size="sm"
        aria-labelledby={`${ids}-${name}`}
        value={value}
        onChange={(next) => set(next as T)}
        data={values.map((one) => ({ value: one, label: t(`${word}.${one}`) }))}
      />
    </div>
  )
  return (
    <Modal opened onClose={close} title={t('correct.title')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          correct.mutate(
            { ticket: { id: ticket.id, version: ticket.version }, ...change, reason: reason.trim() || null },
            { onSuccess: close },
          )
        }}
      >
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            {t('correct.hint')}
          </Text>
          {choice('tier', 'tier', TIERS, tier, setTier)}
          <MultiSelect
            label={t('correct.causes')}
            description={t('correct.causesHint')}
            data={CAUSES.map((cause) => ({ value: cause, label: t(`cause.${cause}`) }))}
            value={causes}
            onChange={(next) => setCauses(next as Cause[])}
            searchable
            hidePickedOptions
          />
          {choice('severity', 'severity', SEVERITIES, severity, setSeverity)}
          {choice('sentiment', 'sentiment', SENTIMENTS, sentiment, setSentiment)}
          <TextInput
            label={t('correct.reason')}
            value={reason}
            maxLength={200}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {correct.error && (
            <Text size="sm" c="var(--urgent)" role="alert">
              {sentence(correct.error)}
            </Text>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={correct.isPending} disabled={!changed} data-testid="correct-save">
              {t('correct.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
