/** What is looked at of a call: its place in the order of all beginnings and ends, and in whose session it was. */
export interface Span {
  session: number | null
  began: number
  /** Infinity while it is under way for its caller. */
  ended: number
}

/**
 * By user: how many calls that changed this user were under way at one time. Those of one session are one: whoever
 * logged in as the user may well delete several tokens at once, and is still a single somebody.
 */
export class Overlaps<Call extends Span> {
  /** What may still change somebody, in the order in which it began. */
  #open = new Set<Call>()
  /** By user: what changed them lately. */
  #changes = new Map<string, Call[]>()
  #most = new Map<string, number>()

  begin(call: Call): void {
    this.#open.add(call)
  }

  /** It changed this user. */
  change(call: Call, userId: string): void {
    // Only now is it known whom a call changes. What ended before anything that is still open began overlaps with
    // nothing that is to come.
    const oldest = this.#open.values().next().value?.began ?? call.began
    const changes = (this.#changes.get(userId) ?? []).filter(({ ended }) => ended > oldest)
    if (!changes.includes(call)) changes.push(call)
    this.#changes.set(userId, changes)
    const near = changes.filter(({ ended }) => ended > call.began)
    const most = near.map(({ began }) => {
      const atOnce = near.filter((one) => one.began <= began && one.ended > began)
      return new Set(atOnce.map((one) => one.session ?? one)).size
    })
    this.#most.set(userId, Math.max(this.#most.get(userId) ?? 0, 1, ...most))
  }

  /** It is over, and changes nobody any more. */
  settle(call: Call): void {
    this.#open.delete(call)
  }

  all(): Record<string, number> {
    return Object.fromEntries(this.#most)
  }
}
