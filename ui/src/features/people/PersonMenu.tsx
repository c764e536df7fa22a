import { Menu } from '@mantine/core'
import { IconCheck, IconLogout, IconUserPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { noticeError } from '@/components/notice'
import { useSitDown, useStandUp, useWorkspace } from '../workspace'
import { personDialog } from './PersonDialog'

/** Who sits here: switch to somebody known, somebody new, or leave the desk. */
export function PersonMenu() {
  const { t } = useTranslation()
  const { people, actor } = useWorkspace()
  const sit = useSitDown()
  const stand = useStandUp()
  return (
    <Menu.Dropdown>
      <Menu.Label>{t('people.who')}</Menu.Label>
      {people.map((person) => (
        <Menu.Item
          key={person.id}
          rightSection={person.id === actor?.id ? <IconCheck size={16} aria-label={t('people.here')} /> : undefined}
          onClick={() => sit.mutate({ id: person.id, name: null, role: null }, { onError: noticeError })}
        >
          {t('people.nameRole', { name: person.name, role: t(`role.${person.role}`) })}
        </Menu.Item>
      ))}
      <Menu.Item
        leftSection={<IconUserPlus size={16} aria-hidden />}
        onClick={() => personDialog.set({ open: true })}
        data-testid="person-new"
      >
        {t('people.somebodyNew')}
      </Menu.Item>
      {actor && (
        <>
          <Menu.Divider />
          <Menu.Item
            leftSection={<IconLogout size={16} aria-hidden />}
            onClick={() => stand.mutate(undefined, { onError: noticeError })}
          >
            {t('people.leave')}
          </Menu.Item>
        </>
      )}
    </Menu.Dropdown>
  )
}
