import { Button, MultiSelect, Pill, Popover, Stack } from '@mantine/core'
import { IconFilter } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReportCut } from '@/ipc/bindings'
import { CAUSES, CHANNELS, TIERS } from '../words'
import { useWorkspace } from '../workspace'
import css from './Report.module.css'
import { CUTS, type CutName } from './search'
import type { Choices, Cut } from './whole'

interface Props {
  cut: Cut
  choices: Choices
  change: (cut: ReportCut | undefined) => void
}

/** What a value of a cut is called. */
function useNames(choices: Choices) {
  const { t } = useTranslation()
  const { people } = useWorkspace()
  return (name: CutName, value: string): string => {
    switch (name) {
      case 'channels':
        return t(`channel.${value}`)
      case 'causes':
        return t(`cause.${value}`)
      case 'tiers':
        return t(`tier.${value}`)
      case 'people':
        return people.find((person) => person.id === value)?.name ?? t('report.somebody')
      case 'teams':
        return t(`department.${value}`)
      case 'sources':
        return choices.sources.find((source) => source.id === value)?.name ?? value
      case 'shops':
        return value === '' ? t('report.noShop') : value
      default:
        return value
    }
  }
}

const withCut = (cut: Cut, name: CutName, values: string[]): ReportCut => ({ ...cut, [name]: values })

/** 筛选: only a part of the business. */
export function CutFilter({ cut, choices, change }: Props) {
  const { t } = useTranslation()
  const nameOf = useNames(choices)
  const [open, setOpen] = useState(false)
  const chosen = CUTS.reduce((sum, name) => sum + cut[name].length, 0)
  const offered: Record<CutName, readonly string[]> = {
    shops: choices.shops,
    channels: choices.channels.length > 0 ? choices.channels : CHANNELS,
    products: choices.products,
    causes: CAUSES,
    tiers: TIERS,
    people: choices.people.map(({ id }) => id),
    teams: choices.teams,
    // One source is no choice.
    sources: choices.sources.length > 1 ? choices.sources.map(({ id }) => id) : [],
  }
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" width={340} trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconFilter size={15} aria-hidden />}
          onClick={() => setOpen(!open)}
          data-testid="report-filter"
        >
          {chosen > 0 ? t('report.filtered', { count: chosen }) : t('inbox.filter')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={css.panel} aria-label={t('inbox.filter')}>
        <Stack gap="xs">
          {CUTS.map((name) => {
            // What was chosen stays there to be taken away, even where this stretch knows nothing of it.
            const values = [...new Set([...offered[name], ...cut[name]])]
            if (values.length === 0) return null
            return (
              <MultiSelect
                key={name}
                label={t(`report.cut.${name}`)}
                placeholder={cut[name].length === 0 ? t('report.everything') : undefined}
                data={values.map((value) => ({ value, label: nameOf(name, value) }))}
                value={cut[name]}
                onChange={(next) => change(withCut(cut, name, next))}
                searchable
                clearable
                clearButtonProps={{ 'aria-label': t('report.clearOne', { what: t(`report.cut.${name}`) }) }}
                hidePickedOptions
                maxDropdownHeight={220}
                nothingFoundMessage={t('palette.nothing')}
                comboboxProps={{ withinPortal: false }}
                data-testid={`cut-${name}`}
              />
            )
          })}
          {chosen > 0 && (
            <Button variant="subtle" size="compact-sm" onClick={() => change(undefined)} data-testid="cut-clear">
              {t('inbox.clear')}
            </Button>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}

/** The chosen parts, each taken away with one click. */
export function CutChips({ cut, choices, change }: Props) {
  const { t } = useTranslation()
  const nameOf = useNames(choices)
  const chips = CUTS.flatMap((name) => cut[name].map((value) => ({ name, value })))
  if (chips.length === 0) return null
  return (
    <div className={css.chips} data-paper="off">
      {chips.map(({ name, value }) => (
        <Pill
          key={`${name} ${value}`}
          withRemoveButton
          removeButtonProps={{
            'aria-label': t('inbox.dropFilter', { name: nameOf(name, value) }),
            tabIndex: 0,
            'aria-hidden': false,
          }}
          onRemove={() =>
            change(
              withCut(
                cut,
                name,
                cut[name].filter((other) => other !== value),
              ),
            )
          }
          data-testid="cut-chip"
        >
          {t('report.cutChip', { what: t(`report.cut.${name}`), name: nameOf(name, value) })}
        </Pill>
      ))}
      <Button variant="subtle" size="compact-xs" onClick={() => change(undefined)}>
        {t('inbox.clear')}
      </Button>
    </div>
  )
}
