import { Button, Menu, Table } from '@mantine/core'
import { IconArrowBackUp, IconCheck, IconDots, IconPencil, IconPlus, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { notice, noticeError, noticeUndo } from '@/components/notice'
import { Failure, Waiting } from '@/components/states'
import type { ImprovementStep } from '@/ipc/bindings'
import { shortDay } from '@/lib/days'
import { now } from '@/lib/now'
import { dayIn } from '@/lib/time'
import { CardFrame } from '../report/document/SectionCard'
import type { Choices, Improvement } from '../report/whole'
import { useWorkspace } from '../workspace'
import { DropDialog } from './DropDialog'
import { Effect } from './Effect'
import { ImprovementDialog, type NewImprovement } from './ImprovementDialog'
import css from './Insights.module.css'
import { useImprovements, useStepImprovement } from './queries'

type Editing = { start: NewImprovement } | { drop: Improvement } | null

/** 该改什么: what is being changed, by whom and until when, and whether it helped. */
export function ImprovementsCard({ choices, wide }: { choices: Choices | undefined; wide: boolean }) {
  const { t } = useTranslation()
  const improvements = useImprovements()
  const [editing, setEditing] = useState<Editing>(null)
  return (
    <CardFrame
      id="improvements"
      title={t('improve.title')}
      wide={wide}
      note={improvements.data && improvements.data.length > 0 ? t('improve.note') : undefined}
      aside={
        <Button
          variant="default"
          size="compact-md"
          leftSection={<IconPlus size={15} aria-hidden />}
          onClick={() => setEditing({ start: {} })}
          data-testid="improve-new"
        >
          {t('improve.new')}
        </Button>
      }
    >
      {improvements.error ? (
        <Failure error={improvements.error} retry={() => void improvements.refetch()} />
      ) : !improvements.data ? (
        <Waiting />
      ) : improvements.data.length === 0 ? (
        <p className={css.quiet}>{t('improve.none')}</p>
      ) : (
        <div className={css.scroller}>
          <Table className={css.themes} verticalSpacing={5} horizontalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('improve.what')}</Table.Th>
                <Table.Th>{t('improve.owner')}</Table.Th>
                <Table.Th>{t('improve.due')}</Table.Th>
                <Table.Th>{t('improve.effect')}</Table.Th>
                <Table.Th data-paper="off">
                  <span className="vh">{t('sources.actions')}</span>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {improvements.data.map((one) => (
                <ImprovementRow
                  key={one.id}
                  one={one}
                  edit={() => setEditing({ start: one })}
                  drop={() => setEditing({ drop: one })}
                />
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
      {editing && 'start' in editing && (
        <ImprovementDialog start={editing.start} choices={choices} close={() => setEditing(null)} />
      )}
      {editing && 'drop' in editing && <DropDialog improvement={editing.drop} close={() => setEditing(null)} />}
    </CardFrame>
  )
}

/** Takes a step and offers the one back. */
export function useImprovementStep() {
  const { t } = useTranslation()
  const step = useStepImprovement()
  return {
    pending: step.isPending,
    take: (one: Improvement, to: ImprovementStep, done?: () => void) => {
      const back: ImprovementStep =
        one.state === 'dropped'
          ? { to: 'dropped', why: one.droppedWhy ?? '' }
          : one.state === 'done'
            ? { to: 'done' }
            : { to: 'running' }
      step.mutate(
        { id: one.id, step: to },
        {
          onError: noticeError,
          onSuccess: () => {
            done?.()
            noticeUndo(t(`improve.did.${to.to}`, { title: one.title }), () =>
              step.mutate(
                { id: one.id, step: back },
                { onError: noticeError, onSuccess: () => notice(t('improve.undone')) },
              ),
            )
          },
        },
      )
    },
  }
}

function ImprovementRow({ one, edit, drop }: { one: Improvement; edit: () => void; drop: () => void }) {
  const { t } = useTranslation()
  const { zone } = useWorkspace()
  const { take } = useImprovementStep()
  const open = one.state === 'running' || one.state === 'late'
  const today = dayIn(now(), zone)
  const about = [one.theme && t('improve.about', { theme: one.theme }), one.product, one.shop].filter(Boolean)
  return (
    <Table.Tr data-testid="improvement" data-state={one.state}>
      <Table.Td className={css.what}>
        <button type="button" className={css.link} onClick={edit}>
          {one.title}
        </button>
        {about.length > 0 && <div className={css.quiet}>{about.join(' · ')}</div>}
        {one.droppedWhy && <div className={css.quiet}>{t('improve.because', { why: one.droppedWhy })}</div>}
      </Table.Td>
      <Table.Td>{one.owner?.name ?? t('ticket.nobody')}</Table.Td>
      <Table.Td className={css.state} data-state={one.state}>
        {one.state === 'late'
          ? t('improve.late', { count: one.lateDays })
          : one.state === 'running'
            ? shortDay(one.dueDay, today)
            : t(`improve.state.${one.state}`)}
      </Table.Td>
      <Table.Td>
        <Effect improvement={one} />
      </Table.Td>
      <Table.Td ta="end" data-paper="off">
        <Menu position="bottom-end">
          <Menu.Target>
            <Button
              variant="subtle"
              color="gray"
              size="compact-sm"
              px={6}
              aria-label={t('improve.actionsOf', { title: one.title })}
              data-testid="improve-menu"
            >
              <IconDots size={16} aria-hidden />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {open ? (
              <>
                <Menu.Item
                  leftSection={<IconCheck size={16} aria-hidden />}
                  onClick={() => take(one, { to: 'done' })}
                  data-testid="improve-done"
                >
                  {t('improve.step.done')}
                </Menu.Item>
                <Menu.Item leftSection={<IconX size={16} aria-hidden />} onClick={drop} data-testid="improve-drop">
                  {t('improve.step.dropped')}
                </Menu.Item>
              </>
            ) : (
              <Menu.Item
                leftSection={<IconArrowBackUp size={16} aria-hidden />}
                onClick={() => take(one, { to: 'running' })}
                data-testid="improve-resume"
              >
                {t('improve.step.running')}
              </Menu.Item>
            )}
            <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={edit}>
              {t('improve.edit')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Table.Td>
    </Table.Tr>
  )
}
