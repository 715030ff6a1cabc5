// A code to a phone: asked for, and not again too soon.
import { onUnmounted, ref } from 'vue'
import { useAct } from '@/api/useAct'
import { askCode } from './session'

export function useCode(ask = askCode) {
  const phone = ref('')
  const sent = ref(false)
  /** Seconds until another may be asked for. */
  const rest = ref(0)
  const asking = useAct()
  let timer: ReturnType<typeof setInterval> | undefined

  const askForCode = () =>
    asking.run(async () => {
      const { resend_after: after } = await ask(phone.value.trim())
      sent.value = true
      wait(after)
    })

  function wait(seconds: number) {
    clearInterval(timer)
    rest.value = seconds
    timer = setInterval(() => {
      rest.value -= 1
      if (rest.value <= 0) clearInterval(timer)
    }, 1000)
  }

  /** The number was another: nothing was sent to that one yet. */
  function anew() {
    clearInterval(timer)
    sent.value = false
    rest.value = 0
  }

  onUnmounted(() => clearInterval(timer))
  return { phone, sent, rest, asking, askForCode, anew }
}
