import { Menu } from '@mantine/core'
import { IconCheck, IconCopy, IconExternalLink, IconFlag, IconUser, IconUsers } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { notice, noticeError } from '@/components/notice'
import { TierBadge } from '@/components/tier'
import type { InboxRow, Tier } from '@/ipc/bindings'
import { copyText } from '@/lib/clipboard'
import { useTicketChange } from '../ticket/mutations'
import { TIERS } from '../words'
import { useWorkspace } from '../workspace'

interface Props {
  row: InboxRow
  x: number
  y: number
  open: () => void
  close: () => void
}

/** What a right click on a row offers. */
export function RowMenu({ row, x, y, open, close }: Props) {
  const { t } = useTranslation()
  const { actor, people } = useWorkspace()
  const assign = useTicketChange('ticketAssign')
  const correct = useTicketChange('ticketCorrect')
  const ticket = { id: row.id, version: row.version }
  const done = row.status === 'closed' || row.status === 'dismissed' || row.status === 'done' || row.status === 'merged'
  const give = (personId: string | null) => assign.mutate({ ticket, personId }, { onError: noticeError })
  const set = (tier: Tier) =>
    correct.mutate(
      { ticket, tier, causes: null, severity: null, sentiment: null, reason: null },
      { onError: noticeError },
    )
  const copy = async () => {
    if (await copyText(row.number)) notice(t('common.copied'))
  }
  return (
    <Menu opened onClose={close} position="bottom-start" offset={0} returnFocus>
      <Menu.Target>
        <button
          type="button"
          className="vh"
          tabIndex={-1}
          aria-label={t('inbox.menu.label')}
          style={{ position: 'fixed', left: x, top: y }}
        />
      </Menu.Target>
      <Menu.Dropdown data-testid="row-menu">
        <Menu.Item leftSection={<IconExternalLink size={16} aria-hidden />} onClick={open}>
          {t('inbox.menu.open')}
        </Menu.Item>
        {!done && actor && row.owner?.id !== actor.id && (
          <Menu.Item leftSection={<IconUser size={16} aria-hidden />} onClick={() => give(actor.id)}>
            {t('inbox.menu.takeIt')}
          </Menu.Item>
        )}
        {!done && people.length > 0 && (
          <Menu.Sub position="right-start">
            <Menu.Sub.Target>
              <Menu.Sub.Item leftSection={<IconUsers size={16} aria-hidden />}>{t('ticket.giveTo')}</Menu.Sub.Item>
            </Menu.Sub.Target>
            <Menu.Sub.Dropdown>
              {people.map((person) => (
                <Menu.Item
                  key={person.id}
                  disabled={person.id === row.owner?.id}
                  rightSection={
                    person.id === row.owner?.id ? <IconCheck size={15} aria-label={t('common.current')} /> : undefined
                  }
                  onClick={() => give(person.id)}
                >
                  {person.name}
                </Menu.Item>
              ))}
              {row.owner && <Menu.Item onClick={() => give(null)}>{t('ticket.giveBack')}</Menu.Item>}
            </Menu.Sub.Dropdown>
          </Menu.Sub>
        )}
        {!done && (
          <Menu.Sub position="right-start">
            <Menu.Sub.Target>
              <Menu.Sub.Item leftSection={<IconFlag size={16} aria-hidden />}>{t('inbox.menu.tier')}</Menu.Sub.Item>
            </Menu.Sub.Target>
            <Menu.Sub.Dropdown>
              {TIERS.map((tier) => (
                <Menu.Item
                  key={tier}
                  disabled={tier === row.tier}
                  leftSection={<TierBadge tier={tier} />}
                  aria-label={t(`tier.${tier}`)}
                  data-testid={`menu-tier-${tier}`}
                  onClick={() => set(tier)}
                />
              ))}
            </Menu.Sub.Dropdown>
          </Menu.Sub>
        )}
        <Menu.Divider />
        <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} onClick={() => void copy()}>
          {t('inbox.menu.copyNumber', { number: row.number })}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
