import { Kbd, Modal, Table } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { createStore } from '@/lib/store'

export const keyList = createStore(false)

const KEYS: [string[], string][] = [
  [['j'], 'down'],
  [['k'], 'up'],
  [['Enter'], 'open'],
  [['r'], 'reply'],
  [['n'], 'note'],
  [['a'], 'assign'],
  [['t'], 'tier'],
  [['e'], 'done'],
  [['/'], 'search'],
  [['g', 'i'], 'inbox'],
  [['g', 'r'], 'reviews'],
  [['g', 's'], 'sources'],
  [['Ctrl', 'K'], 'palette'],
  [['?'], 'list'],
]

export function KeyList() {
  const { t } = useTranslation()
  const open = keyList.use()
  return (
    <Modal
      opened={open}
      onClose={() => keyList.set(false)}
      title={t('keys.title')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Table verticalSpacing={6}>
        <Table.Tbody>
          {KEYS.map(([keys, name]) => (
            <Table.Tr key={name}>
              <Table.Td w={120}>
                {keys.map((key, at) => (
                  <span key={key}>
                    {at > 0 && ' '}
                    <Kbd>{key}</Kbd>
                  </span>
                ))}
              </Table.Td>
              <Table.Td>{t(`keys.${name}`)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  )
}
