import type { Child } from 'hono/jsx'

/** One page in one state. */
export type Sample = {
  /** File name of its pictures, without extension. */
  name: string
  page: Child
  /** Photograph the page as the server wrote it, without script: something on it would be gone soon. */
  freeze?: boolean
  /** As the service worker serves it from memory. */
  saved?: boolean
}
