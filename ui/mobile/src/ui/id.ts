// Ids that tie a label to its field.
let last = 0

export const nextId = () => `k${(last += 1)}`
