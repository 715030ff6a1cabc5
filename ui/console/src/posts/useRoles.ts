// The roles of the county's posts, asked for once.
import { shallowRef } from 'vue'
import { api } from '@/api/client'

export interface Role {
  role: string
  title: string
}

const roles = shallowRef<readonly Role[]>([])
let asking: Promise<void> | undefined

async function ask() {
  const [root] = await api.get('/api/v1/places')
  if (!root) return
  const census = await api.get('/api/v1/places/{code}/census', { path: { code: root.code } })
  roles.value = census.roles
}

export function useRoles() {
  // Without titles the page still lists posts; the next one asks again.
  asking ??= ask().catch(() => {
    asking = undefined
  })
  return roles
}
