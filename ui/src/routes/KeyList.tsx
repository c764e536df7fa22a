import { Anchor, Modal, Table } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Keycaps } from '@/components/keycaps'
import { KEY_ACTIONS, useKeymap } from '@/lib/keyboard'
import { createStore } from '@/lib/store'

export const keyList = createStore(false)

export function KeyList() {
  const { t } = useTranslation()
  const open = keyList.use()
  const keymap = useKeymap()
  const keys: [string, string][] = [
    ...KEY_ACTIONS.map((action) => [action, keymap[action]] as [string, string]),
    ['palette', 'Ctrl K'],
  ]
  const close = () => keyList.set(false)
  return (
    <Modal opened={open} onClose={close} title={t('keys.title')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <Table verticalSpacing={6}>
        <Table.Tbody>
          {keys.map(([action, pressed]) => (
            <Table.Tr key={action}>
              <Table.Td w={120}>
                <Keycaps keys={pressed} />
              </Table.Td>
              <Table.Td>{t(`keys.${action}`)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Anchor size="sm" renderRoot={(props) => <Link to="/settings/keys" {...props} onClick={close} />}>
        {t('keys.change')}
      </Anchor>
    </Modal>
  )
}
