import { Badge, Button, Group, Table } from '@mantine/core'
import { IconUserPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { noticeError } from '@/components/notice'
import type { PersonView } from '@/ipc/bindings'
import { Assignment } from '../people/Assignment'
import { personDialog } from '../people/PersonDialog'
import { PersonEdit } from '../people/PersonEdit'
import { useSitDown, useUpdatePerson, useWorkspace } from '../workspace'
import { Card, Section } from './Section'

/** 人员: everybody known here and who sits at this desk. */
export function People() {
  const { t } = useTranslation()
  const { people, formerPeople, actor } = useWorkspace()
  const sit = useSitDown()
  const update = useUpdatePerson()
  const [edited, setEdited] = useState<PersonView | null>(null)
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
                <Table.Th>{t('people.department')}</Table.Th>
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
                  <Table.Td>{t(`department.${person.department}`)}</Table.Td>
                  <Table.Td>
                    <Group gap="xs" justify="flex-end" wrap="nowrap">
                      <Button
                        size="compact-sm"
                        variant="subtle"
                        aria-label={t('people.editWho', { name: person.name })}
                        onClick={() => setEdited(person)}
                        data-testid="person-edit"
                      >
                        {t('people.change')}
                      </Button>
                      {person.id === actor?.id ? (
                        <Badge color="brand" variant="light" tt="none">
                          {t('people.here')}
                        </Badge>
                      ) : (
                        <Button
                          size="compact-sm"
                          variant="subtle"
                          aria-label={t('people.switchTo', { name: person.name })}
                          onClick={() =>
                            sit.mutate({ id: person.id, name: null, role: null }, { onError: noticeError })
                          }
                        >
                          {t('people.switch')}
                        </Button>
                      )}
                    </Group>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Card>
      {formerPeople.length > 0 && (
        <Card title={t('people.former')} hint={t('people.formerHint')}>
          <Group gap="xs">
            {formerPeople.map((person) => (
              <Button
                key={person.id}
                size="compact-sm"
                variant="default"
                onClick={() =>
                  update.mutate(
                    { id: person.id, name: null, role: null, department: null, active: true },
                    { onError: noticeError },
                  )
                }
              >
                {t('people.bringBack', { name: person.name })}
              </Button>
            ))}
          </Group>
        </Card>
      )}
      <Assignment />
      <PersonEdit person={edited} close={() => setEdited(null)} />
    </Section>
  )
}
