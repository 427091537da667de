import type { NamedTeacher } from '../../../features/academy/queries.ts'

/** Whose page it is, where there are several teachers; draws nothing otherwise. */
export function TeacherTabs({ path, teachers, chosen }: { path: string; teachers: readonly NamedTeacher[]; chosen: string }) {
  if (teachers.length === 0) return null
  return (
    <nav class="tabs" aria-label="Profesores">
      {teachers.map(({ id, name }) => (
        <a href={`${path}?profe=${encodeURIComponent(id)}`} {...(id === chosen ? { 'aria-current': 'true' as const } : {})}>
          {name}
        </a>
      ))}
    </nav>
  )
}
