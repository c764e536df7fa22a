import { Select, Table } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { noticeError } from '@/components/notice'
import type { AssignmentRow, Department } from '@/ipc/bindings'
import { Card } from '../settings/Section'
import { useAssignment, useSaveAssignment } from '../workspace'
import { DEPARTMENTS } from './PersonEdit'

/** Which department a new ticket goes to, by its main cause. */
export function Assignment() {
  const { t } = useTranslation()
  const { data: rows = [] } = useAssignment()
  const save = useSaveAssignment()
  const choose = (row: AssignmentRow, department: Department) =>
    save.mutate(
      {
        rows: rows.map((other) => (other.cause === row.cause ? { ...other, department } : other)),
        madeFrom: rows,
      },
      { onError: noticeError },
    )
  return (
    <Card title={t('people.assignment')} hint={t('people.assignmentHint')}>
      <Table verticalSpacing={4} data-testid="assignment">
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.cause}>
              <Table.Td>{t(`cause.${row.cause}`)}</Table.Td>
              <Table.Td>
                <Select
                  size="xs"
                  maw={180}
                  aria-label={t('people.goesTo', { cause: t(`cause.${row.cause}`) })}
                  data={DEPARTMENTS.map((word) => ({ value: word, label: t(`department.${word}`) }))}
                  value={row.department}
                  allowDeselect={false}
                  onChange={(word) => word && choose(row, word as Department)}
                />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  )
}
