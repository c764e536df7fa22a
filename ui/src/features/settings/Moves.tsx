import { Table } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { TierBadge } from '@/components/tier'
import type { ApplyPreview } from '@/ipc/bindings'
import { useNow } from '@/lib/now'
import { dayTime } from '@/lib/time'
import { useWorkspace } from '../workspace'
import css from './SaveBar.module.css'
import { Card } from './Section'

/** Which deadlines a change moves: from when to when, the late ones said in words. */
export function Moves({ preview }: { preview: ApplyPreview | undefined }) {
  const { t, i18n } = useTranslation()
  const { zone } = useWorkspace()
  const now = useNow()
  if (!preview || preview.examples.length === 0) return null
  const at = (iso: string | null) =>
    iso ? dayTime(t, i18n.language, Date.parse(iso), now, zone) : t('save.noDeadline')
  const rest = preview.moved - preview.examples.length
  return (
    <Card title={t('save.movesTitle')} hint={rest > 0 ? t('save.movesRest', { count: rest }) : undefined}>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('inbox.ticket')}</Table.Th>
            <Table.Th>{t('save.clock')}</Table.Th>
            <Table.Th>{t('save.from')}</Table.Th>
            <Table.Th>{t('save.to')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {preview.examples.map((one) => (
            <Table.Tr key={`${one.ticketId}-${one.metric}`}>
              <Table.Td>
                <TierBadge tier={one.tier} />{' '}
                <Link to="/inbox" search={{ view: 'open', ticket: one.ticketId }}>
                  #{one.number}
                </Link>
              </Table.Td>
              <Table.Td>{t([`metric.${one.metric}`, 'metric.other'])}</Table.Td>
              <Table.Td>{at(one.from)}</Table.Td>
              <Table.Td>
                {at(one.to)} {one.late && <b className={css.late}>{t('save.becomesLate')}</b>}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  )
}
