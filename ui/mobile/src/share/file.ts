// Giving somebody a file of theirs: a browser saves it; a mini program, which may not, copies its text.

/** Whether it was saved as a file; else its text is in the clipboard. */
export async function give(name: string, text: string): Promise<boolean> {
  let saved = false
  // #ifdef H5
  saveInBrowser(name, text)
  saved = true
  // #endif
  if (!saved) await new Promise(done => uni.setClipboardData({ data: text, showToast: false, complete: done }))
  return saved
}

function saveInBrowser(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
