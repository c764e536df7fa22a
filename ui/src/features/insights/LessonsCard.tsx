import { useTranslation } from 'react-i18next'
import { Failure } from '@/components/states'
import { isoWeek } from '@/lib/days'
import { useNow } from '@/lib/now'
import { dayTime } from '@/lib/time'
import { CardFrame } from '../report/document/SectionCard'
import { useWorkspace } from '../workspace'
import css from './Insights.module.css'
import { LessonForm } from './LessonForm'
import { useLessons } from './queries'

/** 复盘: what was learned in the week of a day. */
export function LessonsCard({ day, wide }: { day: string; wide: boolean }) {
  const { t, i18n } = useTranslation()
  const { zone } = useWorkspace()
  const now = useNow()
  const week = isoWeek(day)
  const lessons = useLessons(week)
  return (
    <CardFrame id="lessons" title={t('lesson.title', { week: Number(week.slice(6)) })} wide={wide}>
      {lessons.error && <Failure error={lessons.error} retry={() => void lessons.refetch()} />}
      {lessons.data && lessons.data.length > 0 ? (
        <ul className={css.lessons}>
          {lessons.data.map((lesson) => (
            <li key={lesson.id} data-testid="lesson">
              <p className={css.body}>{lesson.body}</p>
              <span className={css.quiet}>
                {[
                  lesson.theme && t('improve.about', { theme: lesson.theme }),
                  lesson.by?.name,
                  dayTime(t, i18n.language, Date.parse(lesson.at), now, zone),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </li>
          ))}
        </ul>
      ) : (
        <p className={css.quiet}>{t('lesson.none')}</p>
      )}
      <LessonForm key={week} week={week} theme={null} />
    </CardFrame>
  )
}
