/** A row of oc_webauthn: a key that logs in without the password, and outlives every change of it. */
export interface Passkey {
  id: number
  userId: string
  name: string
}

/** The passkeys of everybody. */
export class Passkeys {
  #rows = new Map<number, Passkey>()
  #lastId = 0

  add(userId: string, name: string): Passkey {
    const passkey = { id: ++this.#lastId, userId, name }
    this.#rows.set(passkey.id, passkey)
    return passkey
  }

  get(id: number): Passkey | undefined {
    return this.#rows.get(id)
  }

  of(userId: string): Passkey[] {
    return [...this.#rows.values()].filter((passkey) => passkey.userId === userId)
  }

  remove(id: number): void {
    this.#rows.delete(id)
  }
}
