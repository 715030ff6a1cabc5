import type { MyPost } from './session'

/** A post by what people call it: its unit or place, then its title. */
export function postName(post: MyPost): string {
  return [post.org ?? post.place?.name, post.title].filter(Boolean).join(' · ')
}
