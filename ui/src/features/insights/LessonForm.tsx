import { Button, Group, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { notice, noticeError } from '@/components/notice'
import { useAddLesson } from './queries'

const LONGEST = 2000
const keptAt = (week: string, theme: string | null) => `amends-lesson ${week} ${theme ?? ''}`

interface Props {
  week: string
  theme: string | null
  /** The dialogue around it is to close. */
  done?: () => void
}

/** What was learned; the words stay while they are not saved, whatever is opened meanwhile. */
export function LessonForm({ week, theme, done }: Props) {
  const { t } = useTranslation()
  const place = keptAt(week, theme)
  const [body, setBody] = useState(() => localStorage.getItem(place) ?? '')
  const add = useAddLesson()
  const write = (words: string) => {
    setBody(words)
    if (words === '') localStorage.removeItem(place)
    else localStorage.setItem(place, words)
  }
  const save = () =>
    add.mutate(
      { week, theme, body: body.trim() },
      {
        onError: noticeError,
        onSuccess: () => {
          write('')
          notice(t('lesson.saved'))
          done?.()
        },
      },
    )
  return (
    <div data-paper="off">
      <Textarea
        aria-label={theme ? t('lesson.labelOf', { theme }) : t('lesson.label')}
        placeholder={t('lesson.placeholder')}
        autosize
        minRows={done ? 4 : 2}
        maxRows={12}
        maxLength={LONGEST}
        value={body}
        onChange={(event) => write(event.currentTarget.value)}
        data-autofocus={done ? true : undefined}
        data-testid="lesson-body"
      />
      <Group justify="flex-end" mt="xs">
        {done && (
          <Button variant="default" onClick={done}>
            {t('common.cancel')}
          </Button>
        )}
        <Button
          variant={done ? 'filled' : 'default'}
          disabled={body.trim() === ''}
          loading={add.isPending}
          onClick={save}
          data-testid="lesson-save"
        >
          {t('lesson.save')}
        </Button>
      </Group>
    </div>
  )
}
