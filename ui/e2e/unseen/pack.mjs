// A method that nobody has seen: ids, titles, limits, bounds drawn from a seed, with a field of every kind, a wait for
// the asker, a guard, a bound, an approval, a meeting, a child with a ballot, a register and a clock. No page can
// name what is in it.

/** A few bits of chance, the same for the same seed. */
function chance(seed) {
  let at = seed >>> 0
  return most => {
    at = (at + 0x6d2b79f5) >>> 0
    let it = Math.imul(at ^ (at >>> 15), at | 1)
    it ^= it + Math.imul(it ^ (it >>> 7), it | 61)
    return ((it ^ (it >>> 14)) >>> 0) % most
  }
}

const SIGNS = [...'甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥乾坤震巽坎离艮兑']
const LETTERS = 'bcdfghjklmnpqrstvwxz'

/** Draws ids and titles, each once. */
function words(draw) {
  const [ids, titles] = [new Set(), new Set()]
  const once = (seen, make) => {
    for (;;) {
      const it = make()
      if (!seen.has(it)) return seen.add(it) && it
    }
  }
  const some = (signs, count) => Array.from({ length: count }, () => signs[draw(signs.length)]).join('')
  return { id: () => once(ids, () => some(LETTERS, 7)), title: () => once(titles, () => some(SIGNS, 4)) }
}

const KINDS = ['text', 'int', 'money', 'hours', 'date', 'time', 'choice', 'yes_no', 'stars', 'place', 'point', 'person', 'post', 'org', 'case', 'photo', 'file', 'record']
const quoted = text => JSON.stringify(text)
const list = items => `[${items.map(quoted).join(', ')}]`

/** Draws the method; `asks` of every act are its fields, each with kind and title, in the order of the form. */
export function unseen(seed) {
  const draw = chance(seed)
  const { id, title } = words(draw)
  const named = () => ({ id: id(), title: title() })
  const choices = count => Object.fromEntries(Array.from({ length: count }, () => [id(), title()]))
  const fields = Object.fromEntries(KINDS.map(kind => [kind, { ...named(), kind }]))
  const more = { several: { ...named(), kind: 'choice', many: true, choices: choices(4) }, long: { ...named(), kind: 'choice', choices: choices(9) }, closes: { ...named(), kind: 'time' },
    key: { ...named(), kind: 'text' }, other: { ...named(), kind: 'post' }, share: { ...named(), kind: 'text' } }
  fields.choice.choices = choices(3)
  Object.assign(fields, more)
  const own = {
    title: { id: 'title', title: '标题', kind: 'text' }, place: { id: 'place', title: '地点', kind: 'place' }, words: { id: 'words', title: '您想说的话', kind: 'text' },
    photos: { id: 'photos', title: '照片', kind: 'photo', many: true }, rating: { id: 'stars', kind: 'stars' }, door: { id: 'door', kind: 'household' }, note: { id: 'note', kind: 'text' }, answer: { id: 'words', kind: 'text' },
  }
  const [doer, chief] = [named(), named()]
  const made = {
    id: id(), title: title(), procedure: named(), child: named(), round: named(), register: named(), meeting: named(), ballot: named(), votes: [title(), title(), title()],
    roles: { doer, chief }, fields, most: 100 + draw(4000), stages: [title(), title(), title()],
    state: Object.fromEntries(['asked', 'waits', 'held', 'tried', 'judged', 'voting', 'fallen', 'visited'].map(it => [it, named()])),
    action: Object.fromEntries(['ask', 'answer', 'go', 'note', 'meet', 'finish', 'yes', 'no', 'back', 'joined', 'tick', 'open', 'begin', 'pass', 'fail', 'visit', 'close'].map(it => [it, named()])),
  }
  const of = (...names) => names.map(it => own[it] ?? fields[it])
  made.asks = {
    open: of('title', 'place', 'text', 'int', 'hours', 'date', 'choice', 'several', 'long', 'yes_no', 'point', 'photo', 'post'),
    ask: of('answer'), answer: of('words', 'time', 'photos'), note: [fields.place, ...of('other', 'org', 'record')], meet: [],
    go: of('money', 'closes', 'org', 'person', 'record', 'case', 'file'), finish: [fields.stars, own.note], yes: of('rating'), visit: of('door', 'int', 'yes_no'),
  }
  return { ...made, files: files(made, draw) }
}

const asksOf = asks => list(asks.map(it => it.id))

function files(it, draw) {
  const { state: s, action: a, roles: { doer, chief }, fields: f, asks } = it
  const days = () => quoted(`${2 + draw(8)} ${['d', 'wd'][draw(2)]}`)
  const at = (name, more) => `${s[name].id} = { title = ${quoted(s[name].title)}, ${more} }`
  const shown = (stage, words) => `stage = ${quoted(it.stages[stage])}, shown = ${quoted(words)}`
  const act = (name, more, as = a[name].id) => `${as} = { title = ${quoted(a[name].title)}, ${more} }`
  const field = ({ id, title, kind, many, choices }, more = '') =>
    `${id} = { title = ${quoted(title)}, type = ${quoted(kind)}${many ? ', many = true' : ''}${choices ? `, choices = { ${Object.entries(choices).map(([key, name]) => `${key} = ${quoted(name)}`).join(', ')} }` : ''}${more} }`
  const bounds = { int: ', min = 1, max = 9', money: ', min = 0, max = 90000', hours: ', min = 0.5, max = 8', date: ', max = "60 d"', person: `, why = ${quoted(it.title)}, keep = "1 y"`,
    other: `, of = ${quoted(doer.id)}`, record: `, of = ${quoted(it.register.id)}`, key: ', public = true', text: ', public = true', share: ', public = true' }
  const drop = except => list(['solved', 'unsolved', 'unreached', 'excluded', 'withdrawn', 'referred', 'merged', 'imported', 'decided'].filter(end => !except.includes(end)).map(end => `state.${end}`).concat('action.attempt', ...(except.includes('withdrawn') ? [] : ['action.withdraw'])))
  const from = (...names) => (names.length > 1 ? list(names.map(name => s[name].id)) : quoted(s[names[0]].id))
  return {
    'pack.toml': `title = ${quoted(it.title)}\nversion = "2026.11.${1 + draw(99)}"\nextends = "shaxian@2026.11"\n`,
    'roles.toml': `${doer.id} = { title = ${quoted(doer.title)}, of = "place", levels = ["grid"] }\n${chief.id} = { title = ${quoted(chief.title)}, of = "place", levels = ["county"] }\n`,
    'fields.toml': `${Object.entries(f).map(([name, one]) => field(one, bounds[name])).join('\n')}\n`,
    'registers.toml': `${it.register.id} = { title = ${quoted(it.register.title)}, why = ${quoted(it.title)}, key = ${quoted(f.key.id)}, fields = [${quoted(f.key.id)}], fills = ${quoted(`${doer.id}@grid`)} }\n`,
    'gatherings.toml': [
      `${it.meeting.id} = { kind = "meeting", title = ${quoted(it.meeting.title)}, who = [${quoted(`${doer.id}@grid`)}], asks = [${quoted(f.share.id)}] }`,
      `${it.ballot.id} = { kind = "ballot", title = ${quoted(it.ballot.title)}, voters = "households@grid", choices = ${list(it.votes)}, yes = [${quoted(it.votes[0])}], quorum = ">= 1/1000 called", passes = "> 1/2 cast", secret = ${draw(2) === 1} }`, ''].join('\n'),
    [`procedures/${it.procedure.id}.toml`]: [
      `title = ${quoted(it.procedure.title)}`, `why = ${quoted(it.title)}`, 'asker = "resident"', 'promise = "40 d"', `stages = ${list(it.stages)}`, `drop = ${drop(['solved', 'withdrawn'])}`,
      '[state]',
      at('asked', `owner = ${quoted(doer.id)}, limit = ${days()}, ${shown(0, '收到')}`),
      at('waits', `waits = "asker", owner = ${quoted(doer.id)}, limit = "3 d", late = ${quoted(a.back.id)}, ${shown(0, '等您补充')}`),
      at('held', `owner = ${quoted(doer.id)}, limit = ${quoted(`until ${f.closes.id}`)}, late = ${quoted(a.tick.id)}, again = "1 d", joined = ${quoted(a.joined.id)}, ${shown(1, '正在表决')}`),
      at('tried', `owner = ${quoted(`${chief.id}@county`)}, limit = ${days()}, ${shown(1, '正在核对')}`),
      at('judged', `owner = ${quoted(doer.id)}, limit = ${days()}, ${shown(2, '请您说好不好')}`),
      `solved = { ${shown(2, '您说好了')} }`, `withdrawn = { ${shown(0, '您已撤回')} }`,
      '[action]',
      act('open', `by = "asker", to = ${from('asked')}, asks = ${asksOf(asks.open)}`, 'open'),
      `withdraw = { from = ${from('asked')} }`,
      act('ask', `from = ${from('asked')}, to = ${from('waits')}, asks = ${asksOf(asks.ask)}, at_most = 1`),
      act('answer', `from = ${from('waits')}, to = ${from('asked')}, by = "asker", asks = ${asksOf(asks.answer)}`),
      act('back', `from = ${from('waits')}, to = ${from('asked')}`),
      act('note', `from = ${from('asked')}, asks = ${asksOf(asks.note)}, at_most = 3`),
      act('meet', `from = ${from('asked')}, at_most = 1, then = [{ hold = ${quoted(it.meeting.id)} }]`),
      act('go', `from = ${from('asked')}, to = ${from('held')}, asks = ${asksOf(asks.go)}, when = 'f.${f.money.id} <= ${it.most} && held.${it.meeting.id} > 0', then = [{ open = ${quoted(it.child.id)}, as = "child", with = { ${f.text.id} = "$${f.text.id}", ${f.closes.id} = "$${f.closes.id}" } }]`),
      act('tick', `from = ${from('held')}, by = "clock", then = [{ notify = "owner" }]`),
      act('joined', `from = ${from('held')}, to = ${from('tried')}, by = "clock"`),
      act('finish', `from = ${from('tried')}, to = ${from('judged')}, asks = ${asksOf(asks.finish)}, approval = "leader@county within 1 wd"`),
      act('yes', `from = ${from('judged')}, to = "solved", by = "asker", asks = ${asksOf(asks.yes)}`),
      act('no', `from = ${from('judged')}, to = ${from('asked')}, by = "asker", asks = ["words"], at_most = 1`), ''].join('\n'),
    [`procedures/${it.round.id}.toml`]: [
      `title = ${quoted(it.round.title)}`, `why = ${quoted(it.title)}`, 'asker = "post"', 'verdict = "none"', `drop = ${drop(['decided'])}`,
      '[state]',
      at('visited', `owner = ${quoted(doer.id)}, limit = ${days()}`),
      '[action]',
      act('visit', `by = ${quoted(doer.id)}, to = ${from('visited')}, asks = ${asksOf(asks.visit)}`, 'open'),
      act('close', `from = ${from('visited')}, to = "decided"`), ''].join('\n'),
    [`procedures/${it.child.id}.toml`]: [
      `title = ${quoted(it.child.title)}`, `why = ${quoted(it.title)}`, 'asker = "parent"', 'verdict = "none"', `drop = ${drop(['decided'])}`,
      '[state]',
      at('voting', `owner = ${quoted(doer.id)}, limit = ${quoted(`until ${f.closes.id}`)}, ballot = ${quoted(it.ballot.id)}, passed = ${quoted(a.pass.id)}, failed = ${quoted(a.fail.id)}, void = ${quoted(a.fail.id)}`),
      at('fallen', 'end = "decided"'),
      '[action]',
      act('begin', `by = "asker", to = ${from('voting')}, asks = ${list([f.text.id, f.closes.id])}`, 'open'),
      act('pass', `from = ${from('voting')}, to = "decided", by = "clock"`), act('fail', `from = ${from('voting')}, to = ${from('fallen')}, by = "clock"`), ''].join('\n'),
  }
}
