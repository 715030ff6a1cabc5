// What the ids in a form are called, as far as it was heard on this visit: a form shows names and sends ids.
const heard = new Map<string, string>()

export const named = (id: string, name: string): unknown => heard.set(id, name)
export const nameOf = (id: string): string | undefined => heard.get(id)
