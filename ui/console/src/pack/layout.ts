// Draws a procedure: stages as columns, states as boxes that list what may be done there, each line with
// its way to the state it leads to. Labels stand in the boxes, so that no two of them meet on a way.
import type { Procedure } from './procedure'

export interface Line {
  /** Title of the action. */
  title: string
  /** Its middle, from the top of the drawing. */
  y: number
  /** Whether it leads anywhere. */
  moves: boolean
}

export interface Box {
  id: string
  title: string
  /** Who has it, how long. */
  about: string[]
  lines: Line[]
  kind: 'state' | 'waits' | 'end' | 'anywhere'
  first: boolean
  x: number
  y: number
  height: number
}

export interface Way {
  from: string
  to: string
  title: string
  path: string
  /** Against the reading direction. */
  back: boolean
}

export interface Drawing {
  width: number
  height: number
  columns: { title: string; x: number }[]
  boxes: Box[]
  ways: Way[]
}

type State = Procedure['states'][number]
type Action = Procedure['actions'][number]

export const BOX = 204
const GAP = 92
const HEAD = 30
export const ROW = 20
const PAD = 10
const BETWEEN = 22
const MARGIN = 14

interface Parts {
  procedure: Procedure
  /** Actions that every open state shares: drawn once. */
  shared: Action[]
  states: State[]
}

export function draw(procedure: Procedure): Drawing {
  const parts = partsOf(procedure)
  const columns = columnsOf(parts)
  const boxes = columns.flatMap(({ states }, at) => stacked(states, at, parts))
  const height = Math.max(...boxes.map(it => it.y + it.height)) + MARGIN
  return {
    width: columns.length * (BOX + GAP) - GAP + 2 * MARGIN + GAP / 2,
    height,
    columns: columns.map(({ title }, at) => ({ title, x: xOf(at) })),
    boxes,
    ways: waysOf(parts, boxes),
  }
}

const xOf = (column: number) => MARGIN + column * (BOX + GAP)

function partsOf(procedure: Procedure): Parts {
  const open = procedure.states.filter(it => !it.end).map(it => it.id)
  const shared = procedure.actions.filter(it => open.length > 1 && open.every(id => it.from.includes(id)))
  const reached = new Set(procedure.actions.map(it => it.to))
  // An end that nothing leads to is for what came from elsewhere.
  return { procedure, shared, states: procedure.states.filter(it => !it.end || reached.has(it.id)) }
}

/** By stage where there are stages, else by the least number of steps from the beginning. */
function columnsOf({ procedure, states }: Parts): { title: string; states: State[] }[] {
  const { stages } = procedure
  if (stages.length > 0) {
    const staged = stages.map(title => ({ title, states: states.filter(it => it.stage === title) }))
    const rest = states.filter(it => !it.stage || !stages.includes(it.stage))
    return [...staged, { title: '', states: rest }].filter(it => it.states.length > 0)
  }
  const far = stepsOf(procedure)
  const open = states.filter(it => !it.end)
  const most = Math.max(0, ...open.map(it => far.get(it.id) ?? 0))
  const byStep = Array.from({ length: most + 1 }, (_, step) => ({ title: '', states: open.filter(it => (far.get(it.id) ?? 0) === step) }))
  return [...byStep, { title: '', states: states.filter(it => it.end) }].filter(it => it.states.length > 0)
}

function stepsOf({ actions, states }: Procedure): Map<string, number> {
  const first = firstOf(actions) ?? states[0]?.id
  const far = new Map<string, number>(first === undefined ? [] : [[first, 0]])
  // A map grows while it is walked: each state found is walked in its turn.
  for (const [id, steps] of far)
    for (const it of actions) if (it.to && it.from.includes(id) && !far.has(it.to)) far.set(it.to, steps + 1)
  return far
}

const firstOf = (actions: readonly Action[]) => actions.find(it => it.from.length === 0 && it.to)?.to

function stacked(states: readonly State[], column: number, parts: Parts): Box[] {
  let y = MARGIN + HEAD
  return states.map(state => {
    const box = boxOf(state, { x: xOf(column), y }, parts)
    y += box.height + BETWEEN
    return box
  })
}

function boxOf(state: State, { x, y }: { x: number; y: number }, { procedure, shared }: Parts): Box {
  const about = [state.owner, state.limit].filter((it): it is string => Boolean(it))
  const here = procedure.actions.filter(it => it.from.includes(state.id) && !shared.includes(it))
  const begin = y + PAD + ROW * (1 + about.length) + (here.length ? 6 : 0)
  const lines = here.map((it, at) => ({ title: it.title, y: begin + ROW * at + ROW / 2, moves: leads(it, state.id) }))
  const height = begin - y + here.length * ROW + PAD
  const kind = state.end ? 'end' : state.waits ? 'waits' : 'state'
  return { id: state.id, title: state.title, about, lines, kind, first: firstOf(procedure.actions) === state.id, x, y, height }
}

const leads = (action: Action, from: string) => Boolean(action.to) && action.to !== from

function waysOf({ procedure, shared }: Parts, boxes: readonly Box[]): Way[] {
  const byId = new Map(boxes.map(it => [it.id, it]))
  return boxes.flatMap(from => {
    const here = procedure.actions.filter(it => it.from.includes(from.id) && !shared.includes(it))
    return here.flatMap((action, at) => {
      const to = action.to ? byId.get(action.to) : undefined
      const line = from.lines[at]
      if (!to || !line || !leads(action, from.id)) return []
      return [{ from: from.id, to: to.id, title: action.title, back: to.x < from.x || (to.x === from.x && to.y < from.y), path: wayOf(from, line.y, to) }]
    })
  })
}

/** From the line's side to the head of the other box; within a column by its right side. */
function wayOf(from: Box, y: number, to: Box): string {
  const end = to.y + PAD + ROW / 2
  if (to.x === from.x) {
    const right = from.x + BOX
    const out = right + Math.min(GAP * 0.7, 18 + Math.abs(end - y) / 8)
    return `M${right} ${y} C${out} ${y} ${out} ${end} ${right + 6} ${end}`
  }
  const forward = to.x > from.x
  const begin = forward ? from.x + BOX : from.x
  const goal = forward ? to.x - 6 : to.x + BOX + 6
  const bend = forward ? GAP * 0.55 : -GAP * 0.55
  return `M${begin} ${y} C${begin + bend} ${y} ${goal - bend} ${end} ${goal} ${end}`
}

/** What may be done in every open state. */
export const everywhere = (procedure: Procedure): Action[] => partsOf(procedure).shared
