/** Day, night, or whatever the person's device is set to. */
export const THEMES = ['light', 'dark', 'system'] as const

export type Theme = (typeof THEMES)[number]

export function isTheme(text: unknown): text is Theme {
  return THEMES.some((theme) => theme === text)
}
