import type { Schemas } from '@/api/client'

export type Procedure = Schemas['Procedure']
