// The policy that the server sends with the console; nothing in the pages may need more.
export const POLICY =
  "default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; object-src 'none'; frame-ancestors 'none'"
