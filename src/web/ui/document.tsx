import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import { formatDate, wallTime } from '../../kernel/zoned-time.ts'
import type { Chrome } from './chrome.ts'
import { weekdayShort } from './dates.ts'
import { useLocale, useText } from './language.ts'
import { Footer, MoreMenu, PhoneBar, TopBar } from './navigation.tsx'
import { Notice } from './notice.tsx'
import * as en from './text.en.ts'
import * as es from './text.es.ts'
import { useZone } from './zone.tsx'

/**
 * The HTML document around every page: head, ribbon, bars, `<main>`. One script, one stylesheet, nothing inline (CSP).
 * `wide` gives the page the full 1200 px measure; the default is for reading.
 */
export function Document(props: { chrome: Chrome; title: string; wide?: boolean; children?: Child }) {
  const { chrome } = props
  const locale = useLocale()
  const zone = useZone()
  const { PARTS } = useText({ es, en })
  return (
    <>
      {raw('<!doctype html>')}
      <html lang={locale === 'en' ? 'en' : 'es-AR'} {...(chrome.theme === 'system' ? {} : { 'data-theme': chrome.theme })}>
        <Head chrome={chrome} title={props.title} />
        <body class={chrome.person ? 'has-bottombar' : ''} {...(chrome.who === undefined ? {} : { 'data-who': chrome.who })}>
          <a class="skip-link" href="#contenido">
            {PARTS.skip}
          </a>
          {chrome.sandbox ? <SandboxRibbon chrome={chrome} sandbox={chrome.sandbox} /> : null}
          <TopBar chrome={chrome} />
          <main
            id="contenido"
            tabindex={-1}
            class={props.wide ? 'page page-wide' : 'page'}
            data-now={chrome.now.toISOString()}
            {...(zone === null ? {} : { 'data-zone': zone })}
          >
            {chrome.notice ? <Notice kind={chrome.notice.kind}>{chrome.notice.text}</Notice> : null}
            {props.children}
          </main>
          <Footer chrome={chrome} />
          {chrome.person ? <PhoneBar path={chrome.path} person={chrome.person} /> : null}
          {chrome.person ? <MoreMenu path={chrome.path} person={chrome.person} /> : null}
        </body>
      </html>
    </>
  )
}

/** The paper of each theme, for the bars that a browser draws around the page. */
const PAPER = { light: '#fbfaf6', dark: '#15121f' } as const

function ThemeColor({ theme }: { theme: Chrome['theme'] }) {
  if (theme !== 'system') return <meta name="theme-color" content={PAPER[theme]} />
  return (
    <>
      <meta name="theme-color" media="(prefers-color-scheme: light)" content={PAPER.light} />
      <meta name="theme-color" media="(prefers-color-scheme: dark)" content={PAPER.dark} />
    </>
  )
}

function Head({ chrome, title }: { chrome: Chrome; title: string }) {
  const { asset } = chrome
  const locale = useLocale()
  const { PARTS } = useText({ es, en })
  return (
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
      <title>{`${title} · HablaInglesYa`}</title>
      <meta name="description" content={PARTS.description} />
      <meta name="color-scheme" content={chrome.theme === 'system' ? 'light dark' : chrome.theme} />
      <link rel="preload" href={asset('figtree.woff2')} as="font" type="font/woff2" crossorigin="anonymous" />
      <link rel="stylesheet" href={asset('styles.css')} />
      <link rel="manifest" href={locale === 'en' ? '/manifest.webmanifest?lang=en' : '/manifest.webmanifest'} />
      <ThemeColor theme={chrome.theme} />
      <link rel="icon" type="image/svg+xml" href={asset('icon.svg')} />
      <link rel="apple-touch-icon" href={asset('icon-180.png')} />
      <script type="module" src={asset('main.js')} />
    </head>
  )
}

function SandboxRibbon({ chrome, sandbox }: { chrome: Chrome; sandbox: NonNullable<Chrome['sandbox']> }) {
  const { now } = chrome
  return (
    <aside class="ribbon" aria-label="Entorno de prueba" data-sandbox>
      <strong>Entorno de prueba</strong>
      <span class="tabular">
        {weekdayShort(now)} {formatDate(now).slice(0, 5)}
        <span class="ribbon-long">{formatDate(now).slice(5)}</span>, {wallTime(now)}
        <span class="ribbon-long"> hs</span>
      </span>
      <a href={sandbox.hubHref}>Tablero</a>
      <a href={sandbox.mailboxHref}>
        <span class="ribbon-long">Casilla de </span>
        <span class="ribbon-mail">correo</span>
      </a>
    </aside>
  )
}
