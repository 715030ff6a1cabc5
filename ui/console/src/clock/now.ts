// One clock for the page: words of remaining time change twice a minute, and only while somebody looks.
import { readonly, ref } from 'vue'

const now = ref(Date.now())

setInterval(() => {
  if (!document.hidden) now.value = Date.now()
}, 30_000)
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) now.value = Date.now()
})

export const useNow = () => readonly(now)
