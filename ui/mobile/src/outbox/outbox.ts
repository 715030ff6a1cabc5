// Sends what was said without a signal, when there is one: each thing once, in the order of its case.
// Every step is on the shelf before it is taken, so that the phone may go out at any moment.
import { ApiError, Unreachable, type Problem } from '@jinlin/api'
import {
  backoff,
  following,
  inOrder,
  isOver,
  isTooOld,
  item,
  leftBehind,
  next,
  nextAt,
  onward,
  photosOf,
  triesOf,
  verdict,
  type Answer,
  type Item,
  type Meanwhile,
  type Photo,
  type Saying,
  type State,
  type Why,
} from './item'

/** Keeps items over a restart. `put` throws when the device has no room. */
export interface Shelf {
  all(): Item[]
  put(it: Item): void
  drop(id: string): void
}

/** Brings things to the server. Throws `ApiError`, `Unreachable` or `PhotoLost`. */
export interface Courier {
  /** Who is logged in; empty for nobody. */
  person(): string
  send(it: Item): Promise<Answer>
  /** The id of the upload. */
  upload(photo: Photo, it: Item): Promise<string>
  /** What happened to the case since the item's entry. */
  meanwhile(it: Item): Promise<Meanwhile>
  /** The photo is not needed on this device any more. */
  forget(photo: Pick<Photo, 'id'>): Promise<void>
}

/** The clock, and a way to be woken. */
export interface Time {
  now(): number
  /** Calls back after so many milliseconds, once; answers how to call it off. */
  wake(after: number, call: () => void): () => void
}

/** The device has thrown a kept photo away. */
export class PhotoLost extends Error {}

const LOCAL = {
  photo_lost: { code: 'photo_lost', detail: '' },
  too_old: { code: 'too_old', detail: '' },
} satisfies Record<string, Problem>

export class Outbox {
  /** No signal: until then nothing is tried. */
  private pausedUntil = 0
  private misses = 0
  private atOnce = false
  private running = false
  private under = Promise.resolve()
  private callOff = () => {}
  private readonly watchers = new Set<() => void>()
  private readonly receivers = new Set<(it: Item, answer: Answer) => void>()

  constructor(
    private readonly shelf: Shelf,
    private readonly courier: Courier,
    private readonly time: Time,
    private readonly freshKey: () => string,
  ) {}

  items(): Item[] {
    return inOrder(this.shelf.all())
  }

  /** Keeps it and sends it when it can be; throws when there is no room to keep it. Said again under the same
      key, it is the same. */
  say(saying: Saying, key = this.freshKey()): Item {
    const made = this.keep(saying, key)
    void this.run()
    return made
  }

  /** Takes over what was kept in another way, as far as it had come. */
  adopt(saying: Saying, key: string, state: State): void {
    this.keep(saying, key, state)
  }

  private keep(saying: Saying, key: string, state?: State): Item {
    const all = this.shelf.all()
    const known = all.find(it => it.id === key)
    if (known) return known
    const made = item(key, saying, Math.max(this.time.now(), ...all.map(it => it.at + 1)))
    const whole = state ? { ...made, state } : made
    this.shelf.put(whole)
    this.changed()
    return whole
  }

  /** Throws it away, with what was said after it about the same case. */
  async drop(id: string): Promise<void> {
    await this.forget(this.remove(id).flatMap(photosOf))
  }

  /** The same, but its own photos stay on the device, to be said again. */
  async takeBack(id: string): Promise<void> {
    const later = this.remove(id).filter(it => it.id !== id)
    await this.forget(later.flatMap(photosOf))
  }

  private remove(id: string): Item[] {
    const items = this.items()
    const one = items.find(it => it.id === id)
    if (!one) return []
    const gone = one.state.is === 'sent' ? [one] : [one, ...following(items, one)]
    for (const it of gone) this.shelf.drop(it.id)
    this.changed()
    return gone
  }

  /** Something changed for the better (a signal, a log-in, a look at the screen): tries everything now. */
  async wake(): Promise<void> {
    this.pausedUntil = 0
    this.atOnce = true
    await this.run()
  }

  /** Calls back whenever anything changed. */
  watch(call: () => void): () => void {
    this.watchers.add(call)
    return () => this.watchers.delete(call)
  }

  /** Calls back with every answer. */
  receive(call: (it: Item, answer: Answer) => void): () => void {
    this.receivers.add(call)
    return () => this.receivers.delete(call)
  }

  /** Sends whatever is ready, one at a time, until nothing is. */
  run(): Promise<void> {
    if (!this.running) this.under = this.through()
    return this.under
  }

  private async through(): Promise<void> {
    this.running = true
    try {
      this.tidy()
      while (this.time.now() >= this.pausedUntil) {
        const it = next(this.ready(), this.time.now(), this.courier.person())
        if (!it) break
        await this.attempt(it)
      }
    } catch {
      // The shelf takes nothing more: sending on would not be noted, and be done for ever.
      this.pausedUntil = this.time.now() + backoff(Infinity)
    } finally {
      this.running = false
      this.sleep()
    }
  }

  /** What is on the shelf; after having been woken, nothing waits for its time. */
  private ready(): Item[] {
    const all = this.shelf.all()
    if (!this.atOnce) return all
    this.atOnce = false
    for (const it of all) if (it.state.is === 'waiting') this.put(it, { ...it.state, after: 0 })
    return this.shelf.all()
  }

  private async attempt(it: Item): Promise<void> {
    const tries = triesOf(it)
    if (isTooOld(it, this.time.now())) return this.stop(it, LOCAL.too_old)
    try {
      const whole = await this.uploaded(this.put(it, { is: 'sending', tries }))
      const answer = await this.courier.send(whole)
      this.misses = 0
      await this.sent(whole, answer)
    } catch (error) {
      await this.failed(it, tries, error)
    }
  }

  /** The item with all its photos at the server; each is noted as it arrives. */
  private async uploaded(it: Item): Promise<Item> {
    let whole = it
    for (const photo of it.photos) {
      if (photo.upload) continue
      const upload = await this.courier.upload(photo, whole)
      whole = { ...whole, photos: whole.photos.map(one => (one.id === photo.id ? { ...one, upload } : one)) }
      this.put(whole, whole.state)
    }
    return whole
  }

  private async sent(it: Item, answer: Answer): Promise<void> {
    // First those that follow: were the phone to go out between, this one is sent again and says the same.
    for (const later of following(this.items(), it)) this.shelf.put(onward(later, answer))
    this.put(leftBehind(it), { is: 'sent', at: this.time.now(), answer })
    for (const call of this.receivers) call(it, answer)
    await this.forget(photosOf(it))
  }

  private async failed(it: Item, tries: number, error: unknown): Promise<void> {
    // Photos may have arrived before the failure: go on from what is kept.
    const kept = this.shelf.all().find(one => one.id === it.id)
    if (!kept) return // taken back meanwhile
    if (error instanceof PhotoLost) return this.stop(kept, LOCAL.photo_lost)
    if (error instanceof Unreachable) return this.rest(kept, tries, 'no_signal', backoff(this.misses++))
    if (!(error instanceof ApiError)) return this.again(kept, tries, backoff(tries))
    return this.answered(kept, tries, error)
  }

  private async answered(it: Item, tries: number, { status, problem }: ApiError): Promise<void> {
    const pause = Math.max(backoff(tries), (problem.retry_after ?? 0) * 1000)
    switch (verdict(status, problem)) {
      case 'busy':
        return this.rest(it, tries, 'busy', pause)
      case 'again':
        return this.again(it, tries, pause)
      case 'log_in':
        return this.rest(it, tries, 'log_in', pause)
      case 'refused':
        return this.stop(it, problem)
      case 'conflict': {
        const meanwhile = await this.courier.meanwhile(it).catch(() => undefined)
        this.put(it, { is: 'conflict', at: this.time.now(), problem, ...(meanwhile ? { meanwhile } : {}) })
      }
    }
  }

  /** Nothing can be sent at present, this or another. */
  private rest(it: Item, tries: number, why: Why, pause: number): void {
    this.pausedUntil = this.time.now() + pause
    this.put(it, { is: 'waiting', tries: tries + 1, after: this.pausedUntil, why })
  }

  /** This one later; others may go before. */
  private again(it: Item, tries: number, pause: number): void {
    this.put(it, { is: 'waiting', tries: tries + 1, after: this.time.now() + pause, why: 'busy' })
  }

  private stop(it: Item, problem: Problem): void {
    this.put(it, { is: 'refused', at: this.time.now(), problem })
  }

  /** Notes a step, unless the item was taken back meanwhile. */
  private put(it: Item, state: State): Item {
    const now = { ...it, state }
    if (this.shelf.all().some(one => one.id === it.id)) this.shelf.put(now)
    this.changed()
    return now
  }

  private tidy(): void {
    const over = this.shelf.all().filter(it => isOver(it, this.time.now()))
    for (const it of over) this.shelf.drop(it.id)
    if (over.length > 0) this.changed()
  }

  private sleep(): void {
    this.callOff()
    const at = nextAt(this.shelf.all(), this.courier.person())
    if (at === undefined) return
    const pause = Math.max(at, this.pausedUntil) - this.time.now()
    this.callOff = this.time.wake(Math.max(pause, 0), () => void this.run())
  }

  private async forget(photos: readonly Pick<Photo, 'id'>[]): Promise<void> {
    // A photo that cannot be deleted now wastes room, nothing else.
    await Promise.all(photos.map(it => this.courier.forget(it).catch(() => undefined)))
  }

  private changed(): void {
    for (const call of this.watchers) call()
  }
}
