import { Button, Table, Text } from '@mantine/core'
import { type KeyboardEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Keycaps } from '@/components/keycaps'
import { forgetKeys, KEY_ACTIONS, type KeyAction, remap, takenBy, useKeymap } from '@/lib/keyboard'
import { Card, Section } from './Section'

/** How long a second key is waited for, ms. */
const SECOND_KEY_MS = 900
const MODIFIERS = ['Shift', 'Control', 'Alt', 'Meta', 'CapsLock', 'Process', 'Tab']

/** 快捷键: every key can be another one. */
export function Keys() {
  const { t } = useTranslation()
  return (
    <Section
      name="keys"
      hint={t('keys.hint')}
      aside={
        <Button variant="default" onClick={forgetKeys} data-testid="keys-defaults">
          {t('keys.defaults')}
        </Button>
      }
    >
      <Card>
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('keys.what')}</Table.Th>
              <Table.Th>{t('keys.key')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {KEY_ACTIONS.map((action) => (
              <Table.Tr key={action}>
                <Table.Td>{t(`keys.${action}`)}</Table.Td>
                <Table.Td>
                  <KeyField action={action} />
                </Table.Td>
              </Table.Tr>
            ))}
            <Table.Tr>
              <Table.Td>{t('keys.palette')}</Table.Td>
              <Table.Td>
                <Keycaps keys="Ctrl K" />
              </Table.Td>
            </Table.Tr>
          </Table.Tbody>
        </Table>
      </Card>
    </Section>
  )
}

/** Click, then press the new key, or two one after the other. Escape leaves it as it was. */
function KeyField({ action }: { action: KeyAction }) {
  const { t } = useTranslation()
  const keymap = useKeymap()
  const [pressed, setPressed] = useState<string | null>(null)
  const [refused, setRefused] = useState<string | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const listening = pressed !== null

  const take = (keys: string) => {
    clearTimeout(timer.current)
    setPressed(null)
    const other = takenBy(action, keys)
    if (other) setRefused(t('keys.taken', { keys, what: t(`keys.${other}`) }))
    else {
      setRefused(null)
      remap(action, keys)
    }
  }
  const stop = () => {
    clearTimeout(timer.current)
    setPressed(null)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (!listening || event.ctrlKey || event.metaKey || event.altKey || MODIFIERS.includes(event.key)) return
    event.preventDefault()
    if (event.key === 'Escape') return stop()
    if (pressed !== '') return take(`${pressed} ${event.key}`)
    setPressed(event.key)
    timer.current = setTimeout(() => take(event.key), SECOND_KEY_MS)
  }

  return (
    <>
      <Button
        variant={listening ? 'light' : 'default'}
        size="compact-sm"
        aria-label={t('keys.changeOf', { what: t(`keys.${action}`), keys: keymap[action] })}
        data-testid={`key-${action}`}
        onClick={() => {
          setRefused(null)
          setPressed('')
        }}
        onKeyDown={onKeyDown}
        onBlur={stop}
      >
        {listening ? pressed || t('keys.press') : <Keycaps keys={keymap[action]} />}
      </Button>
      {refused && (
        <Text span size="sm" c="var(--urgent)" ml="sm" role="alert">
          {refused}
        </Text>
      )}
    </>
  )
}
