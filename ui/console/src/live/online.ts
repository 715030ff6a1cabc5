// Whether this computer has a network at all; the stream's health says whether the server is there.
import { readonly, ref } from 'vue'

const online = ref(navigator.onLine)
window.addEventListener('online', () => (online.value = true))
window.addEventListener('offline', () => (online.value = false))

export const useOnline = () => readonly(online)
