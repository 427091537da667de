/** A body up to here needs no room: all connections that there may be have 20 MB of them. Notifications and nearly all forms are that small. */
export const SMALL_BYTES = 4 * 1024

export interface RoomLimits {
  /** What larger bodies may take together. */
  bytesMax: number
  /** What those from one address may take of it. */
  addressBytesMax: number
  /** Bodies from one address that take longer than `slowAfterMs` to arrive; a further one is not waited for. */
  slowMax: number
  slowAfterMs: number
}

/** What one body takes of the room. */
export interface Space {
  /** Takes so much in place of what it has; false: there is not enough left, and it keeps what it has. */
  growTo(bytes: number): boolean
  /** It takes long. False: it is not waited for any longer. */
  isSlow(): boolean
  /** Nobody waits for it any more. */
  arrived(): void
  leave(): void
}

export interface Room {
  slowAfterMs: number
  spaceFor(address: string): Space
}

interface Taken {
  bytes: number
  slow: number
}

/** Bounds what bodies take of the memory, all together and those from one address: by what has come of them, not by what they say will come. */
export function openRoom({ bytesMax, addressBytesMax, slowMax, slowAfterMs }: RoomLimits): Room {
  const taken = new Map<string, Taken>()
  let bytesTaken = 0

  function spaceFor(address: string): Space {
    let own = 0
    let slow = false

    function change(bytes: number, slows: number): void {
      const all = taken.get(address) ?? { bytes: 0, slow: 0 }
      all.bytes += bytes
      all.slow += slows
      bytesTaken += bytes
      if (all.bytes === 0 && all.slow === 0) taken.delete(address)
      else taken.set(address, all)
    }

    function arrived(): void {
      if (slow) change(0, -1)
      slow = false
    }

    return {
      growTo(bytes) {
        if (bytes <= SMALL_BYTES) return true
        const more = bytes - own
        if (bytesTaken + more > bytesMax || (taken.get(address)?.bytes ?? 0) + more > addressBytesMax) return false
        change(more, 0)
        own = bytes
        return true
      },
      isSlow() {
        if ((taken.get(address)?.slow ?? 0) >= slowMax) return false
        slow = true
        change(0, 1)
        return true
      },
      arrived,
      leave() {
        arrived()
        if (own > 0) change(-own, 0)
        own = 0
      },
    }
  }

  return { slowAfterMs, spaceFor }
}
