// One case under work: as it was last read, what waits here to be sent about it, and what can be done next.
import { computed, ref, watch } from 'vue'
import { ApiError } from '@/api/client'
import { tell } from '@/api/problem'
import { t } from '@/locale'
import { outgoing, say } from '@/outbox/box'
import { isDone, isStuck, type Command, type Item } from '@/outbox/item'
import type { Values } from '@/form/form'
import { actionsIn, foresee, openingStep, type Action, type Foreseen } from './foresee'
import { doorOf, held, postFor, readCase, stepsOf, type Held } from './day'
import { voiceAs } from './note'
import { written } from './write'

export function useWork(asked: () => string) {
  const read = ref<Held>()
  const busy = ref(false)
  /** Words when it could not be read anew; empty when all is well. */
  const error = ref('')

  /** The item that opens it, while the case is only on this phone. */
  const opening = computed(() => outgoing.value.find(it => it.id === asked() && it.command.kind === 'open'))
  /** The case at the server, once there is one. */
  const id = computed(() => (opening.value?.state.is === 'sent' ? opening.value.state.answer.case : asked()))
  const isHere = computed(() => opening.value !== undefined && opening.value.state.is !== 'sent')

  const lane = computed(() => outgoing.value.filter(it => it.lane === id.value))
  const waiting = computed(() => lane.value.filter(it => !isDone(it) && it !== opening.value))
  const stuck = computed(() => lane.value.some(isStuck))
  const post = computed(() => opening.value?.voice.post ?? postFor(read.value?.it.owner?.post))

  const next = computed<Foreseen>(() => {
    const steps = stepsOf(post.value)
    const known = opening.value && isHere.value ? opened(opening.value) : read.value && { ...read.value.it, actions: read.value.actions }
    return known ? foresee(known, waiting.value, steps) : { ended: false, actions: [] }
  })

  /** The case as it will be when the item has arrived. */
  function opened({ command }: Item) {
    const procedure = command.kind === 'open' ? command.body.procedure : ''
    const steps = stepsOf(post.value)
    const state = openingStep(steps, procedure)?.action.to ?? ''
    return { procedure, state, actions: actionsIn(steps, procedure, state) }
  }

  async function load() {
    read.value ??= held(id.value)
    if (isHere.value || busy.value) return
    busy.value = true
    error.value = await readCase(id.value, read.value?.it.owner?.post).then(it => ((read.value = it), ''), words)
    busy.value = false
  }

  /** A case that went to somebody else is no longer mine to see; what was read stays. */
  const words = (reason: unknown) => (reason instanceof ApiError && reason.status === 404 ? t('worker.case.gone') : tell(reason).words)

  /** Notes an act; throws when it cannot be kept. */
  function act(action: Action, values: Values): Item {
    const { form, photos } = written(action.asks, values)
    const { revision = 0, entry = '' } = read.value?.it ?? {}
    const command: Command = { kind: 'act', case: id.value, action: action.id, revision, entry, form }
    return say({ title: action.title, about: about(), voice: voiceAs(post.value), command, photos })
  }

  const about = () => read.value?.it.title || doorOf(read.value) || opening.value?.about || (read.value?.it.procedure_title ?? '')

  // What has arrived has changed the case.
  watch(() => lane.value.filter(isDone).length, load)
  watch(id, load)

  return { read, busy, error, opening, isHere, lane, waiting, stuck, next, load, act, id }
}
