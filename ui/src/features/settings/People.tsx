import { Badge, Button, Table } from '@mantine/core'
import { IconUserPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { noticeError } from '@/components/notice'
import { personDialog } from '../people/PersonDialog'
import { useSitDown, useWorkspace } from '../workspace'
import { Card, Section } from './Section'

/** 人员: everybody known here and who sits at this desk. */
export function People() {
  const { t } = useTranslation()
  const { people, actor } = useWorkspace()
  const sit = useSitDown()
  return (
    <Section
      name="people"
      hint={t('people.why')}
      aside={
        <Button
          variant="default"
          leftSection={<IconUserPlus size={16} aria-hidden />}
          onClick={() => personDialog.set({ open: true })}
        >
          {t('people.somebodyNew')}
        </Button>
      }
    >
      <Card>
        {people.length === 0 ? (
          t('people.nobody')
        ) : (
          <Table verticalSpacing={8}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('people.name')}</Table.Th>
                <Table.Th>{t('people.role')}</Table.Th>
                <Table.Th>
                  <span className="vh">{t('sources.actions')}</span>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {people.map((person) => (
                <Table.Tr key={person.id}>
                  <Table.Td>{person.name}</Table.Td>
                  <Table.Td>{t(`role.${person.role}`)}</Table.Td>
                  <Table.Td ta="end">
                    {person.id === actor?.id ? (
                      <Badge color="brand" variant="light" tt="none">
                        {t('people.here')}
                      </Badge>
                    ) : (
                      <Button
                        size="compact-sm"
                        variant="subtle"
                        aria-label={t('people.switchTo', { name: person.name })}
                        onClick={() => sit.mutate({ id: person.id, name: null, role: null }, { onError: noticeError })}
                      >
                        {t('people.switch')}
                      </Button>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Card>
    </Section>
  )
}
