/** Does the same with each, a few at a time, and answers in the order asked. */
export async function inTurns<T, R>(items: readonly T[], task: (item: T) => Promise<R>, atOnce = 4): Promise<R[]> {
  const answers: R[] = []
  let next = 0
  async function work(): Promise<void> {
    for (let at = next++; at < items.length; at = next++) {
      // One after another within a hand; there are several hands.
      // oxlint-disable-next-line no-await-in-loop
      answers[at] = await task(items[at] as T)
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work))
  return answers
}
