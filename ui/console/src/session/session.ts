// Who works here and in which post. The token is in an HttpOnly cookie; this store only knows what
// `/me` says.
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { api, ApiError, context, type Schemas } from '@/api/client'
import { dropCall } from '@/call/call'
import { dropDrafts } from '@/case/drafts'
import { dropKept, keep, kept } from '@/common/keep'
import { dropWall, keepWall } from '@/screen/wall'

export type Me = Schemas['Me']
export type MyPost = Schemas['MyPost']

/** What stands between a log-in and the work. */
export type Must = 'change_password' | 'set_totp'

const MUSTS: readonly string[] = ['change_password', 'set_totp']

export const useSession = defineStore('session', () => {
  const me = ref<Me>()
  const must = ref<Must[]>([])
  const known = ref(false)

  const posts = computed(() => me.value?.posts ?? [])
  const acting = computed(() => posts.value.find(it => it.post === me.value?.acting))

  /** Finds out who is logged in, once; an unreachable server is the caller's to tell. */
  async function begin(): Promise<void> {
    if (known.value) return
    context.post = kept<string | undefined>('post', undefined, () => sessionStorage) ?? kept('post', undefined)
    await refresh()
  }

  async function refresh(): Promise<void> {
    try {
      me.value = await api.get('/api/v1/me')
      must.value = []
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      await settle(error)
    }
    known.value = true
  }

  async function settle(error: ApiError): Promise<void> {
    me.value = undefined
    if (error.code === 'post_not_held' && context.post) {
      // The post of yesterday: begin with the first one held today.
      context.post = undefined
      return refresh()
    }
    if (MUSTS.includes(error.code)) must.value = [error.code as Must]
    else if (error.status !== 401) throw error
  }

  async function logIn(account: string, password: string, totp: string): Promise<void> {
    context.post = undefined
    const body = { account, password, cookie: true, ...(totp ? { totp } : {}) }
    const session = await api.post('/api/v1/sessions', { body })
    dropWall()
    known.value = true
    must.value = session.must.filter((it): it is Must => MUSTS.includes(it))
    if (must.value.length === 0) await refresh()
  }

  /** Makes this browser a wall that shows the screen. */
  async function enterDisplay(code: string): Promise<void> {
    context.post = undefined
    const { expires_at: until } = await api.post('/api/v1/display-sessions', { body: { code, cookie: true } })
    keepWall(until)
    await refresh()
  }

  async function logOut(): Promise<void> {
    // A session that is over already is what was wished for.
    await api.delete('/api/v1/sessions/current').catch(() => undefined)
    dropCall()
    dropKept('desk.', () => sessionStorage)
    end()
  }

  function end() {
    dropDrafts()
    me.value = undefined
    must.value = []
    known.value = true
  }

  /** Acts as another of one's posts, in this window and in those opened after it. */
  async function actAs(post: string): Promise<void> {
    context.post = post
    keep('post', post)
    keep('post', post, () => sessionStorage)
    await refresh()
  }

  return { me, must, known, posts, acting, begin, refresh, logIn, enterDisplay, logOut, end, actAs }
})
