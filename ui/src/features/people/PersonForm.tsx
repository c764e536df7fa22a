import { Select, Stack, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Role } from '@/ipc/bindings'

export const ROLES: Role[] = ['agent', 'supervisor', 'manager', 'quality', 'admin']

export interface PersonDraft {
  name: string
  role: Role
}

export function PersonForm({
  draft,
  change,
  error,
}: {
  draft: PersonDraft
  change: (draft: PersonDraft) => void
  error?: string | null
}) {
  const { t } = useTranslation()
  return (
    <Stack gap="sm">
      <TextInput
        label={t('people.name')}
        description={t('people.nameHint')}
        value={draft.name}
        maxLength={40}
        error={error}
        data-autofocus
        data-testid="person-name"
        onChange={(event) => change({ ...draft, name: event.currentTarget.value })}
      />
      <Select
        label={t('people.role')}
        data={ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }))}
        value={draft.role}
        allowDeselect={false}
        onChange={(role) => role && change({ ...draft, role: role as Role })}
        data-testid="person-role"
      />
    </Stack>
  )
}
