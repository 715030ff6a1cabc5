// Which county this is; its last answer is kept, so that the first page has its name without a signal.
import { reactive } from 'vue'
import { api, type Schemas } from '@/api/client'
import { keep, kept } from '@/keep/keep'

export type County = Schemas['County']

export const county = reactive({ is: kept<County | undefined>('county', undefined) })

let asked: Promise<County> | undefined

/** Asks once a visit. */
export function askCounty(): Promise<County> {
  asked ??= api.get('/api/v1/county').then(remember, (reason: unknown) => {
    asked = undefined
    throw reason
  })
  return asked
}

function remember(it: County): County {
  county.is = it
  keep('county', it)
  return it
}

/** 沙县区·虬城近邻e家 → 虬城近邻e家: what people call it. */
export const brand = () => county.is?.pack?.title.split('·').pop()
