// What happens in the county, for whoever is on the page. It follows the acting post.
import { onScopeDispose, readonly, ref, watch } from 'vue'
import { context } from '@/api/client'
import { useSession } from '@/session/session'
import type { Happened, Health } from './source'
import { listen } from './stream'

const health = ref<Health>('connecting')
const hearers = new Set<(event: Happened) => void>()

/** Keeps the stream of the acting post open; called once, by the shell. */
export function keepFeed(): void {
  const session = useSession()
  let stop = () => {}
  watch(
    () => session.me?.acting,
    post => {
      stop()
      stop = () => {}
      if (!post) return
      health.value = 'connecting'
      // Without the post in the address, the server would choose: name it always.
      stop = listen(`/api/v1/feed?as=${context.post ?? post}`, heard => {
        if (heard.kind === 'health') health.value = heard.health
        else for (const hear of hearers) hear(heard.event)
      })
    },
    { immediate: true },
  )
  onScopeDispose(() => stop())
}

/** Hears of every case while the component lives. */
export function useFeed(hear: (event: Happened) => void): void {
  hearers.add(hear)
  onScopeDispose(() => hearers.delete(hear))
}

export const useHealth = () => readonly(health)
