import { readFile } from 'node:fs/promises'

/** A file of `config/` as the product reads it. */
export async function configFile(name: 'pricing' | 'academy'): Promise<unknown> {
  return JSON.parse(await readFile(new URL(`../../config/${name}.json`, import.meta.url), 'utf8'))
}
