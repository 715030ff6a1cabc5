// Claim codes that somebody wished to keep on this device: the only way back to what was said without a
// log-in.
import { reactive, watch } from 'vue'
import { keep, kept } from '@/keep/keep'

export interface Claim {
  code: string
  id: string
  number: string
  title: string
}

export const claims = reactive({ kept: kept<Claim[]>('claims', []) })
watch(() => claims.kept, it => keep('claims', it), { deep: true })

export function keepClaim(claim: Claim): void {
  claims.kept = [claim, ...claims.kept.filter(it => it.id !== claim.id)]
}

export function forgetClaim(id: string): void {
  claims.kept = claims.kept.filter(it => it.id !== id)
}

/** What a request says to read or act on a case: the code, where the device has one. */
export function claimed(id: string): Record<string, string> {
  const code = claims.kept.find(it => it.id === id)?.code ?? passing.get(id)
  return code ? { 'jinlin-claim': code } : {}
}

/** Codes typed in for this visit, or of what was sent just now. */
const passing = new Map<string, string>()

export const useClaim = (id: string, code: string) => void passing.set(id, code)
