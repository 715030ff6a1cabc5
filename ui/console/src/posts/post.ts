import type { Schemas } from '@/api/client'

export type Post = Schemas['Post']
export type Holder = Schemas['Holder']
export type Person = Schemas['Person']

/** Where a post belongs: its unit, else its place. */
export const seatOf = (post: Post): string => post.org ?? post.place?.name ?? ''
