import {
  ActionIcon,
  Badge,
  Button,
  Chip,
  Group,
  Kbd,
  Pill,
  Popover,
  Stack,
  Text,
  TextInput,
  Tooltip,
} from '@mantine/core'
import { IconFilter, IconSearch, IconTableExport } from '@tabler/icons-react'
import { type RefObject, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { notice, noticeError } from '@/components/notice'
import type { ReviewChannel } from '@/ipc/bindings'
import type { InboxSearch } from '@/routes/router'
import { CAUSES, STATUSES, TIERS } from '../words'
import { useWorkspace } from '../workspace'
import css from './FilterBar.module.css'
import { type InboxFilter, useExport } from './queries'
import { NOBODY } from './views'

interface Props {
  filter: InboxFilter
  channels: ReviewChannel[]
  total: number
  /** The number as it is shown. */
  found: string
  searchBox: RefObject<HTMLInputElement | null>
  searchFor: (words: string) => void
  change: (change: Partial<InboxSearch>) => void
}

type Kind = 'tiers' | 'causes' | 'channels' | 'statuses' | 'owners'

export function FilterBar({ filter, channels, total, found, searchBox, searchFor, change }: Props) {
  const { t } = useTranslation()
  const exporting = useExport()
  const { people, formerPeople } = useWorkspace()
  const nameOf = (id: string) =>
    id === NOBODY
      ? t('ticket.nobody')
      : ([...people, ...formerPeople].find((person) => person.id === id)?.name ?? t('inbox.somebody'))
  const named = (word: string) => (value: string) => t(`${word}.${value}`)
  const groups: { kind: Kind; name: (value: string) => string; values: readonly string[] }[] = [
    { kind: 'tiers', name: named('tier'), values: TIERS },
    { kind: 'causes', name: named('cause'), values: CAUSES },
    { kind: 'channels', name: named('channel'), values: channels },
    { kind: 'statuses', name: named('status'), values: STATUSES },
    { kind: 'owners', name: nameOf, values: [...people.map((person) => person.id), NOBODY] },
  ]
  const chosen = groups.flatMap(({ kind, name }) =>
    (filter[kind] ?? []).map((value) => ({
      key: `${kind}-${value}`,
      name: kind === 'owners' && value !== NOBODY ? t('inbox.owner', { name: name(value) }) : name(value),
      drop: () =>
        set(
          kind,
          ([...(filter[kind] ?? [])] as string[]).filter((other) => other !== value),
        ),
    })),
  )
  if (filter.day) {
    const words = t(`inbox.day.${filter.day}`)
    chosen.unshift({
      key: 'day',
      name: filter.hour == null ? words : t('inbox.dayHour', { words, hour: String(filter.hour).padStart(2, '0') }),
      drop: () => change({ day: undefined, hour: undefined }),
    })
  }

  const set = (kind: Kind, values: string[]) => {
    const list = values.length > 0 ? values : undefined
    change({ [kind]: list } as Partial<InboxSearch>)
  }

  // The box keeps what is typed; the address follows. Going back in history brings the words back.
  useEffect(() => {
    const box = searchBox.current
    if (box && document.activeElement !== box) box.value = filter.search ?? ''
  }, [filter.search, searchBox])

  const saveList = () =>
    exporting.mutate(filter, {
      onError: noticeError,
      onSuccess: (file) => file && notice(t('inbox.exported', { name: file.name, count: file.rows })),
    })

  return (
    <div className={css.bar}>
      <div className={css.line}>
        <TextInput
          ref={searchBox}
          className={css.search}
          size="sm"
          type="search"
          defaultValue={filter.search}
          placeholder={t('inbox.search')}
          aria-label={t('inbox.search')}
          leftSection={<IconSearch size={16} aria-hidden />}
          rightSection={<Kbd size="xs">/</Kbd>}
          data-testid="search"
          onChange={(event) => {
            if (!(event.nativeEvent as InputEvent).isComposing) searchFor(event.currentTarget.value.trim())
          }}
          onCompositionEnd={(event) => searchFor(event.currentTarget.value.trim())}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && !event.nativeEvent.isComposing) event.currentTarget.blur()
          }}
        />
        <Popover position="bottom-end" width={340} trapFocus>
          <Popover.Target>
            <Tooltip label={t('inbox.filter')}>
              <ActionIcon variant="default" size="input-sm" aria-label={t('inbox.filter')} data-testid="filter">
                <IconFilter size={17} aria-hidden />
                {chosen.length > 0 && (
                  <Badge size="xs" circle className={css.dot}>
                    {chosen.length}
                  </Badge>
                )}
              </ActionIcon>
            </Tooltip>
          </Popover.Target>
          <Popover.Dropdown className={css.panel} aria-label={t('inbox.filter')}>
            <Stack gap="sm">
              {groups
                .filter(({ values }) => values.length > 0)
                .map(({ kind, name, values }) => (
                  <div key={kind}>
                    <Text size="xs" fw={600} c="dimmed" mb={6}>
                      {t(`inbox.by.${kind}`)}
                    </Text>
                    <Chip.Group
                      multiple
                      value={[...(filter[kind] ?? [])] as string[]}
                      onChange={(next) => set(kind, next)}
                    >
                      <Group gap={6}>
                        {values.map((value) => (
                          <Chip key={value} value={value} size="xs">
                            {name(value)}
                          </Chip>
                        ))}
                      </Group>
                    </Chip.Group>
                  </div>
                ))}
            </Stack>
          </Popover.Dropdown>
        </Popover>
        <Tooltip label={t('inbox.export', { count: total, total: found })}>
          <ActionIcon
            variant="default"
            size="input-sm"
            aria-label={t('inbox.export', { count: total, total: found })}
            loading={exporting.isPending}
            disabled={total === 0}
            data-testid="export"
            onClick={saveList}
          >
            <IconTableExport size={17} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </div>
      {chosen.length > 0 && (
        <div className={css.pills}>
          {chosen.map(({ key, name, drop }) => (
            <Pill
              key={key}
              withRemoveButton
              removeButtonProps={{
                'aria-label': t('inbox.dropFilter', { name }),
                tabIndex: 0,
                'aria-hidden': false,
              }}
              onRemove={drop}
              data-testid={`filtered-${key}`}
            >
              {name}
            </Pill>
          ))}
          <Button
            variant="subtle"
            size="compact-xs"
            onClick={() =>
              change({
                tiers: undefined,
                causes: undefined,
                channels: undefined,
                statuses: undefined,
                owners: undefined,
                day: undefined,
                hour: undefined,
              })
            }
          >
            {t('inbox.clear')}
          </Button>
        </div>
      )}
    </div>
  )
}
