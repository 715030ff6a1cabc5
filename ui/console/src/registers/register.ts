// Rows of registers as the pages show them.
import type { Schemas } from '@/api/client'

export type Register = Schemas['Register']
export type Row = Schemas['Record']

/** What a row is called: its key column, in words. */
export const nameOf = (row: Row, key: string): string => row.columns.find(it => it.field === key)?.text ?? ''

export const textOf = (row: Row, column: string): string => row.columns.find(it => it.field === column)?.text ?? ''
