import type { Child } from 'hono/jsx'

/** What is photographed, as a file of this name. */
export type Picture = {
  /** File name of its pictures, without extension. */
  name: string
  /** Photograph the page as the server wrote it, without script: something on it would be gone soon. */
  freeze?: boolean
  /** As the service worker serves it from memory. */
  saved?: boolean
  /** The reader's own time zone, where it is not Argentina's. */
  zone?: string
}

/** One page in one state. */
export type Sample = Picture & { page: Child }
