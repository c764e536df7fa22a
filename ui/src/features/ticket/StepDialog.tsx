import { Button, Group, Modal, Radio, Stack, Text, Textarea } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { sentence } from '@/components/notice'
import type { DismissReason, Invitation, TicketStatus, TicketView } from '@/ipc/bindings'
import { useTicketChange } from './mutations'

export type Step =
  | { kind: 'offer_solution' | 'resolve' | 'close' | 'dismiss' | 'reopen' }
  | { kind: 'status'; status: TicketStatus }

const DISMISS: DismissReason[] = ['not_a_complaint', 'duplicate', 'spam', 'wrong_business', 'other']
const INVITATION: Invitation[] = ['sent', 'impossible', 'withheld']

/** One step of the loop: what it means, the words it needs, and the one button. */
export function StepDialog({ ticket, step, close }: { ticket: TicketView; step: Step | null; close: () => void }) {
  const { t } = useTranslation()
  const [words, setWords] = useState('')
  const [reason, setReason] = useState<DismissReason>('not_a_complaint')
  const [invitation, setInvitation] = useState<Invitation>('sent')
  const offer = useTicketChange('ticketOfferSolution')
  const resolve = useTicketChange('ticketResolve')
  const closing = useTicketChange('ticketClose')
  const dismiss = useTicketChange('ticketDismiss')
  const reopen = useTicketChange('ticketReopen')
  const move = useTicketChange('ticketStatus')
  const all = [offer, resolve, closing, dismiss, reopen, move]
  const error = all.find((mutation) => mutation.error)?.error
  const busy = all.some((mutation) => mutation.isPending)

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new step starts with a clean form
  useEffect(() => {
    setWords('')
    setReason('not_a_complaint')
    setInvitation('sent')
    for (const mutation of all) mutation.reset()
  }, [step])

  if (!step) return null
  const name = step.kind === 'status' ? (step.status === 'waiting_customer' ? 'wait' : 'move') : step.kind
  const needsWords =
    name === 'offer_solution' ||
    name === 'wait' ||
    (name === 'dismiss' && reason === 'other') ||
    (name === 'close' && invitation === 'withheld')
  const showsWords = name !== 'close' || invitation === 'withheld'
  const ref = { id: ticket.id, version: ticket.version }
  const body = words.trim()
  const done = { onSuccess: close }

  const go = () => {
    if (step.kind === 'status') move.mutate({ ticket: ref, status: step.status, reason: body || null }, done)
    else if (step.kind === 'offer_solution') offer.mutate({ ticket: ref, body }, done)
    else if (step.kind === 'resolve') resolve.mutate({ ticket: ref, body }, done)
    else if (step.kind === 'reopen') reopen.mutate({ ticket: ref, body }, done)
    else if (step.kind === 'dismiss') dismiss.mutate({ ticket: ref, reason, note: body || null }, done)
    else closing.mutate({ ticket: ref, invitation, reason: invitation === 'withheld' ? body : null }, done)
  }

  const status = step.kind === 'status' ? t(`status.${step.status}`) : ''
  return (
    <Modal
      opened
      onClose={close}
      title={t(`step.${name}.title`, { status })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          go()
        }}
      >
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            {t(`step.${name}.hint`, { status, channel: t(`channel.${ticket.review.channel}`) })}
          </Text>
          {name === 'dismiss' && (
            <Radio.Group
              label={t('step.dismiss.reason')}
              value={reason}
              onChange={(value) => setReason(value as DismissReason)}
            >
              <Stack gap={8} mt={6}>
                {DISMISS.map((value) => (
                  <Radio key={value} value={value} label={t(`dismiss.${value}`)} data-testid={`dismiss-${value}`} />
                ))}
              </Stack>
            </Radio.Group>
          )}
          {name === 'close' && (
            <Radio.Group
              label={t('step.close.invitation')}
              value={invitation}
              onChange={(value) => setInvitation(value as Invitation)}
            >
              <Stack gap={8} mt={6}>
                {INVITATION.map((value) => (
                  <Radio
                    key={value}
                    value={value}
                    label={t(`invitation.${value}`)}
                    data-testid={`invitation-${value}`}
                  />
                ))}
              </Stack>
            </Radio.Group>
          )}
          {showsWords && (
            <Textarea
              label={t(`step.${name}.words`)}
              placeholder={t(`step.${name}.placeholder`)}
              required={needsWords}
              autosize
              minRows={2}
              maxRows={8}
              value={words}
              data-autofocus
              data-testid="step-words"
              onChange={(event) => setWords(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !(needsWords && body === '')) go()
              }}
            />
          )}
          {error && (
            <Text size="sm" c="var(--urgent)" role="alert">
              {sentence(error)}
            </Text>
          )}
          <Group justify="flex-end" mt="xs">
            <Button variant="default" onClick={close}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={busy} disabled={needsWords && body === ''} data-testid="step-confirm">
              {t(`step.${name}.button`, { status })}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
