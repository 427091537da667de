import { describe, expect, it } from 'vitest'
import { LocalTime, Zone } from './zone.tsx'

const SIX_PM = new Date('2026-11-26T21:00:00Z')

describe('the reader’s own time, written by the server', () => {
  const shown = async (zone: string | null) =>
    String(
      await (
        <Zone.Provider value={zone}>
          <LocalTime instant={SIX_PM} class="soft" />
        </Zone.Provider>
      ),
    )

  it('is there without script once a zone was chosen', async () => {
    expect(await shown('Europe/Madrid')).toBe('<span class="soft" data-instant="2026-11-26T21:00:00.000Z">Tu hora: 22:00</span>')
  })

  it.each([null, 'America/Argentina/Cordoba'])('is left to the script, or left out: %s', async (zone) => {
    expect(await shown(zone)).toBe('<span class="soft" data-instant="2026-11-26T21:00:00.000Z" hidden=""></span>')
  })
})
