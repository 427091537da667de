import { keep } from './kept.ts'

/** Line icons on a 24 px grid. They accompany words and never replace them, so they are hidden from assistive technology. */
const PATHS = {
  home: 'M4 11.2 12 4l8 7.2M6 9.6V20h4.2v-5.4h3.6V20H18V9.6',
  calendar: 'M4.5 6.5h15v13h-15zM4.5 10.5h15M8.5 4v4M15.5 4v4',
  'calendar-plus': 'M4.5 6.5h15v13h-15zM4.5 10.5h15M8.5 4v4M15.5 4v4M12 12.8v4.4M9.8 15h4.4',
  ticket: 'M4 7h16v3.2a1.9 1.9 0 0 0 0 3.6V17H4v-3.2a1.9 1.9 0 0 0 0-3.6zM14 7v2M14 11v2M14 15v2',
  camera: 'M3.5 6.5h12v11h-12zM15.5 10.5l5-3v9l-5-3',
  menu: 'M4.5 7h15M4.5 12h15M4.5 17h15',
  clock: 'M12 3.8a8.2 8.2 0 1 0 0 16.4 8.2 8.2 0 0 0 0-16.4M12 7.8V12l2.9 1.9',
  check: 'm5 12.6 4.4 4.4L19 7.4',
  'check-circle': 'M12 3.8a8.2 8.2 0 1 0 0 16.4 8.2 8.2 0 0 0 0-16.4M8.4 12.2l2.5 2.5 4.7-5',
  cross: 'm6.5 6.5 11 11M17.5 6.5l-11 11',
  'cross-circle': 'M12 3.8a8.2 8.2 0 1 0 0 16.4 8.2 8.2 0 0 0 0-16.4M9.2 9.2l5.6 5.6M14.8 9.2l-5.6 5.6',
  alert: 'M12 4.2 3.4 19.2h17.2zM12 10v4M12 16.6v.2',
  info: 'M12 3.8a8.2 8.2 0 1 0 0 16.4 8.2 8.2 0 0 0 0-16.4M12 11v5M12 8v.2',
  copy: 'M9 8.5h10.5V20H9zM15 8.5V4.2H4.5v11.3H9',
  external: 'M13.5 4.5h6v6M19.5 4.5 11 13M17 13.5v6H4.5V7h6',
  chat: 'M12 4.2c4.7 0 8.4 3.2 8.4 7.2s-3.7 7.2-8.4 7.2c-1 0-2-.1-2.8-.4L4.6 20l1.3-3.7a6.7 6.7 0 0 1-2.3-4.9c0-4 3.7-7.2 8.4-7.2',
  left: 'm14.5 6-6 6 6 6',
  right: 'm9.5 6 6 6-6 6',
  person: 'M12 4.4a3.8 3.8 0 1 0 0 7.6 3.8 3.8 0 0 0 0-7.6M4.8 20c.6-3.6 3.5-5.6 7.2-5.6s6.6 2 7.2 5.6',
  people:
    'M9.2 5.4a3.3 3.3 0 1 0 0 6.6 3.3 3.3 0 0 0 0-6.6M3 19.2c.5-3.1 2.9-4.9 6.2-4.9s5.7 1.8 6.2 4.9M15.6 5.7a3.2 3.2 0 0 1 0 6M17.8 14.8c1.7.7 2.8 2.2 3.2 4.4',
  lock: 'M6 11h12v8.5H6zM8.5 11V8.3a3.5 3.5 0 0 1 7 0V11',
  refresh: 'M19 5v5h-5M5 19v-5h5M18.2 10A6.8 6.8 0 0 0 6 8.6M5.8 14A6.8 6.8 0 0 0 18 15.4',
  history: 'M4.2 12a7.8 7.8 0 1 0 2.4-5.6L4.2 8.7M4.2 4.5v4.2h4.2M12 8v4.2l3 1.8',
  shield: 'M12 3.8 5 6.5v5.3c0 4 2.9 7 7 8.4 4.1-1.4 7-4.4 7-8.4V6.5zM9 12l2.2 2.2L15.2 10',
  door: 'M13.5 4.5H5.5v15h8M10 12h10M16.5 8.2 20.2 12l-3.7 3.8',
  trash: 'M4.5 7h15M9 7V4.5h6V7M6.5 7l.9 12.5h9.2L17.5 7M10.2 10.8v5M13.8 10.8v5',
  plus: 'M12 5v14M5 12h14',
  dots: 'M6 12h.01M12 12h.01M18 12h.01',
  pen: 'm5 19 .8-3.8L16.5 4.5l3 3L8.8 18.2zM14 7l3 3',
  page: 'M6.5 3.8h8l3.5 3.5v13h-11.5zM14 4v4h4M9.5 12h5.5M9.5 15.5h5.5',
  flag: 'M6 20.5V4.5M6 5.5h11.5l-2.3 3.7 2.3 3.8H6',
  help: 'M12 3.8a8.2 8.2 0 1 0 0 16.4 8.2 8.2 0 0 0 0-16.4M9.7 9.6c0-1.4 1-2.3 2.3-2.3s2.3.9 2.3 2.2c0 1.8-2.3 1.9-2.3 3.9M12 16.4v.2',
  mail: 'M3.5 6h17v12h-17zM4 6.5l8 6.5 8-6.5',
  sliders: 'M4.5 7.5h8M17 7.5h2.5M4.5 16.5H7M11.5 16.5h8M14.7 5v5M9.3 14v5',
  plug: 'M9 4v5M15 4v5M6.5 9h11v2.5a5.5 5.5 0 0 1-11 0zM12 17v3.5',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.7 5.7l1 1M17.3 17.3l1 1M18.3 5.7l-1 1M6.7 17.3l-1 1',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name, class: className }: { name: IconName; class?: string }) {
  return kept(`${name} ${className ?? ''}`, () => (
    <svg class={className ? `icon ${className}` : 'icon'} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  ))
}

const kept = keep(300)

/** Google's mark, in the four colours its sign-in button requires. */
export function GoogleMark() {
  return (
    <svg class="icon icon-solid" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path
        fill="#4285F4"
        d="M21.6 12.23c0-.71-.06-1.39-.18-2.05H12v3.87h5.38a4.6 4.6 0 0 1-2 3.02v2.51h3.23c1.89-1.74 2.99-4.3 2.99-7.35"
      />
      <path
        fill="#34A853"
        d="M12 22c2.7 0 4.96-.9 6.62-2.42l-3.23-2.51c-.9.6-2.04.95-3.39.95-2.6 0-4.81-1.76-5.6-4.12H3.06v2.59A10 10 0 0 0 12 22"
      />
      <path fill="#FBBC05" d="M6.4 13.9a6 6 0 0 1 0-3.8V7.51H3.06a10 10 0 0 0 0 8.98z" />
      <path
        fill="#EA4335"
        d="M12 5.98c1.47 0 2.79.5 3.82 1.5l2.87-2.87A9.6 9.6 0 0 0 12 2a10 10 0 0 0-8.94 5.51L6.4 10.1c.79-2.36 3-4.12 5.6-4.12"
      />
    </svg>
  )
}
