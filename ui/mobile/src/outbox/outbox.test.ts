import { ApiError, Unreachable, type Problem } from '@jinlin/api'
import { beforeEach, describe, expect, it } from 'vitest'
import { filled } from './fill'
import type { Answer, Command, Item, Photo, Saying } from './item'
import { Outbox, PhotoLost, type Courier, type Shelf, type Time } from './outbox'

const ME = 'person-1'

/** Keeps text, as a phone does: what is not written is not there after a restart. */
class Paper implements Shelf {
  written = new Map<string, string>()
  full = false
  all = () => [...this.written.values()].map(text => JSON.parse(text) as Item)
  put(one: Item) {
    if (this.full) throw new Error('no room')
    this.written.set(one.id, JSON.stringify(one))
  }
  drop = (id: string) => void this.written.delete(id)
}

/** A server with a memory for keys and revisions, behind a line that may be cut before or after it hears. */
class Server implements Courier {
  who = ME
  line: 'up' | 'down' | 'deaf' = 'up'
  problems: { status: number; problem: Problem }[] = []
  revision = 3
  done: string[] = []
  answers = new Map<string, Answer>()
  uploads = 0
  lost = new Set<string>()
  forgotten: string[] = []

  person = () => this.who
  async send(one: Item): Promise<Answer> {
    if (this.line === 'down') throw new Unreachable('cut')
    const trouble = this.problems.shift()
    if (trouble) throw new ApiError(trouble.status, trouble.problem)
    const answer = this.answers.get(one.id) ?? this.act(one)
    this.answers.set(one.id, answer)
    if (this.line === 'deaf') throw new Unreachable('cut on the way back')
    return answer
  }
  private act({ command, title, photos }: Item): Answer {
    if (command.kind === 'act' && command.revision !== this.revision) throw new ApiError(412, { code: 'stale', detail: '已变化' })
    this.revision += 1
    this.done.push(title + photos.map(photo => `+${photo.upload}`).join(''))
    return { case: 'case-1', number: '2026', revision: this.revision, entry: `entry-${this.revision}` }
  }
  async upload(photo: Photo) {
    if (this.line === 'down') throw new Unreachable('cut')
    if (this.lost.has(photo.id)) throw new PhotoLost()
    this.uploads += 1
    return `upload-${photo.id}`
  }
  meanwhile = async () => ({ state: '办理中', acts: [{ by: '派单员', at: '2026-01-01T00:00:00Z', action: '派单' }] })
  forget = async (photo: Photo) => void this.forgotten.push(photo.id)
}

class Hand implements Time {
  at = 1_000_000
  bell: { at: number; call: () => void } | undefined
  now = () => this.at
  wake(after: number, call: () => void) {
    const bell = { at: this.at + after, call }
    this.bell = bell
    return () => void (this.bell === bell && (this.bell = undefined))
  }
  /** Lets time pass until the outbox wanted to be woken. */
  async ring() {
    const bell = this.bell
    if (!bell) throw new Error('nobody wants to be woken')
    this.bell = undefined
    this.at = Math.max(this.at, bell.at)
    bell.call()
    await settled()
  }
}

const settled = () => new Promise(resolve => setTimeout(resolve))

let paper: Paper, server: Server, hand: Hand, keys: number
const start = () => new Outbox(paper, server, hand, () => `key-${(keys += 1)}`)
beforeEach(() => {
  ;[paper, server, hand, keys] = [new Paper(), new Server(), new Hand(), 0]
})

const voice = { person: ME, post: 'post-1', claim: '' }
const act = (title: string, { lane = 'case-1', revision = 3, photos = [] as Photo[] } = {}): Saying => ({
  title,
  about: '路灯',
  voice,
  photos,
  command: { kind: 'act', case: lane, action: title, revision, entry: 'entry-3', form: {} },
})
const photo = (id: string): Photo => ({ id, hide: [], field: 'photos', many: true })
const states = (box: Outbox) => box.items().map(one => one.state.is)

describe('sending', () => {
  it('sends at once, once', async () => {
    const box = start()
    box.say(act('到场'))
    await settled()
    expect([states(box), server.done]).toEqual([['sent'], ['到场']])
    await box.wake()
    expect(server.done).toEqual(['到场'])
  })

  it('goes on after a restart in the midst of sending, and the server does it once', async () => {
    server.line = 'deaf'
    start().say(act('到场'))
    await settled()
    // The phone goes out while the request is under way.
    for (const one of paper.all()) paper.put({ ...one, state: { is: 'sending', tries: 1 } })
    server.line = 'up'
    const box = start()
    await box.run()
    expect([states(box), server.done]).toEqual([['sent'], ['到场']])
  })

  it('keeps the order within a case, each act on the revision that the one before left', async () => {
    server.line = 'down'
    const box = start()
    box.say(act('到场'))
    box.say(act('处置'))
    await settled()
    server.line = 'up'
    await box.wake()
    expect([states(box), server.done]).toEqual([['sent', 'sent'], ['到场', '处置']])
  })

  it('acts on a case that was opened without a signal', async () => {
    server.line = 'down'
    const box = start()
    const opened = box.say({ ...act('发现'), command: { kind: 'open', body: { procedure: 'finding' } } })
    box.say(act('当场办结', { lane: opened.id, revision: 0 }))
    await settled()
    server.line = 'up'
    await box.wake()
    expect([states(box), server.done]).toEqual([['sent', 'sent'], ['发现', '当场办结']])
    expect(box.items()[1]?.command).toMatchObject({ case: 'case-1', revision: 4 })
  })

  it('lets other cases go on when one is refused, and holds what hangs on it', async () => {
    server.problems = [{ status: 422, problem: { code: 'form', detail: '请填写处理结果' } }]
    const box = start()
    box.say(act('处置', { lane: 'case-2' }))
    box.say(act('办结', { lane: 'case-2' }))
    box.say(act('到场'))
    await settled()
    expect([states(box), server.done]).toEqual([['refused', 'waiting', 'sent'], ['到场']])
    expect(box.items()[0]?.state).toMatchObject({ problem: { detail: '请填写处理结果' } })
  })

  it('says nothing in another name', async () => {
    const box = start()
    server.who = 'person-2'
    box.say(act('到场'))
    await settled()
    expect([states(box), server.done]).toEqual([['waiting'], []])
    server.who = ME
    await box.wake()
    expect(server.done).toEqual(['到场'])
  })

  it('sends what was said without a name under any session', async () => {
    server.who = ''
    start().say({ ...act('上报'), voice: { person: '', post: '', claim: '' } })
    await settled()
    expect(server.done).toEqual(['上报'])
  })
})

describe('trouble', () => {
  it('tries again without a signal, ever more slowly', async () => {
    server.line = 'down'
    const box = start()
    box.say(act('到场'))
    await settled()
    const pauses: number[] = []
    for (let n = 0; n < 6; n += 1) {
      const from = hand.at
      await hand.ring()
      pauses.push((hand.at - from) / 1000)
    }
    expect(pauses).toEqual([5, 15, 45, 120, 300, 300])
    server.line = 'up'
    await hand.ring()
    expect(states(box)).toEqual(['sent'])
  })

  it('waits as long as the server wishes', async () => {
    server.problems = [{ status: 429, problem: { code: 'too_many', retry_after: 90 } }]
    const box = start()
    box.say(act('到场'))
    box.say(act('上报', { lane: 'case-2' }))
    await settled()
    expect(states(box)).toEqual(['waiting', 'waiting'])
    expect(hand.bell?.at).toBe(hand.at + 90_000)
  })

  it.each([
    ['a failing server', 500, { code: 'internal' }],
    ['a proxy that answers in its place', 404, {}],
    ['an answer that came too late', 408, { code: 'body_incomplete' }],
  ])('tries again after %s', async (_, status, problem) => {
    server.problems = [{ status, problem }]
    const box = start()
    box.say(act('到场'))
    await settled()
    expect(states(box)).toEqual(['waiting'])
    await hand.ring()
    expect(server.done).toEqual(['到场'])
  })

  it('waits for the log-in when the session is over', async () => {
    server.problems = [{ status: 401, problem: { code: 'unauthenticated' } }]
    const box = start()
    box.say(act('到场'))
    await settled()
    expect(box.items()[0]?.state).toMatchObject({ is: 'waiting', why: 'log_in' })
  })

  it('tells what others did when it came too late', async () => {
    server.revision = 7
    const box = start()
    box.say(act('到场'))
    await settled()
    expect(box.items()[0]?.state).toMatchObject({
      is: 'conflict',
      problem: { code: 'stale' },
      meanwhile: { state: '办理中', acts: [{ by: '派单员', action: '派单' }] },
    })
    await box.drop('key-1')
    expect(states(box)).toEqual([])
  })

  it('does not repeat what the server may have forgotten it did', async () => {
    server.line = 'deaf'
    const box = start()
    box.say(act('到场'))
    await settled()
    hand.at += 31 * 24 * 3_600_000
    server.line = 'up'
    await box.wake()
    expect(box.items()[0]?.state).toMatchObject({ is: 'refused', problem: { code: 'too_old' } })
    expect(server.done).toEqual(['到场'])
  })

  it('says so when the device has no room, and stops when it fills up later', async () => {
    paper.full = true
    expect(() => start().say(act('到场'))).toThrow('no room')
    paper.full = false
    server.line = 'down'
    const box = start()
    box.say(act('到场'))
    await settled()
    ;[paper.full, server.line] = [true, 'up']
    await box.wake()
    expect([states(box), server.done]).toEqual([['waiting'], []])
    paper.full = false
    await hand.ring()
    expect([states(box), server.done]).toEqual([['sent'], ['到场']])
  })
})

describe('photos', () => {
  it('go first, each once, and leave the device when all is sent', async () => {
    server.line = 'down'
    const box = start()
    box.say(act('处置', { photos: [photo('a'), photo('b')] }))
    await settled()
    server.line = 'up'
    server.problems = [{ status: 503, problem: { code: 'busy' } }]
    await box.wake()
    expect([server.uploads, server.forgotten]).toEqual([2, []])
    await hand.ring()
    expect(server.done).toEqual(['处置+upload-a+upload-b'])
    expect([server.uploads, server.forgotten]).toEqual([2, ['a', 'b']])
  })

  it('are missed aloud', async () => {
    server.lost.add('a')
    const box = start()
    box.say(act('处置', { photos: [photo('a')] }))
    await settled()
    expect(box.items()[0]?.state).toMatchObject({ is: 'refused', problem: { code: 'photo_lost' } })
  })

  it('stand in the form where they were asked', () => {
    const photos: Photo[] = [
      { ...photo('a'), upload: 'A' },
      { ...photo('b'), upload: 'B' },
      { ...photo('c'), field: 'receipt', many: false, upload: 'C' },
    ]
    const acted: Command = { kind: 'act', case: 'x', action: 'y', revision: 1, entry: 'e', form: { note: '好' } }
    expect(filled(acted, photos)).toMatchObject({ form: { note: '好', photos: ['A', 'B'], receipt: 'C' } })
    const opened: Command = { kind: 'open', body: { procedure: 'appeal', fields: { floor: 3 } } }
    expect(filled(opened, photos)).toMatchObject({ body: { attachments: ['A', 'B'], fields: { floor: 3, receipt: 'C' } } })
  })
})

describe('taking back', () => {
  it('takes what hangs on it too, with its photos', async () => {
    server.line = 'down'
    const box = start()
    const first = box.say(act('到场', { photos: [photo('a')] }))
    box.say(act('处置'))
    box.say(act('上报', { lane: 'case-2' }))
    await settled()
    await box.drop(first.id)
    expect(box.items().map(one => one.title)).toEqual(['上报'])
    expect(server.forgotten).toEqual(['a'])
  })

  it('leaves the photos of what will be said again', async () => {
    server.line = 'down'
    const box = start()
    const first = box.say(act('到场', { photos: [photo('a')] }))
    box.say(act('处置', { photos: [photo('b')] }))
    await settled()
    await box.takeBack(first.id)
    expect([box.items(), server.forgotten]).toEqual([[], ['b']])
  })

  it('tells the watchers and those who wait for answers', async () => {
    const box = start()
    let seen = 0
    const got: string[] = []
    box.watch(() => (seen += 1))
    box.receive((one, answer) => got.push(`${one.title} ${answer.number}`))
    box.say(act('到场'))
    await settled()
    expect(seen).toBeGreaterThanOrEqual(3)
    expect(got).toEqual(['到场 2026'])
  })
})
