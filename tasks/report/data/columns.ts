import type { ScoreRow } from './score-rows.ts';

export type ColumnType = 'STRING' | 'DOUBLE' | 'INT32';

/** The columns of the data behind figures, in their order. */
export const scoreColumns: readonly { readonly name: keyof ScoreRow; readonly type: ColumnType }[] = [
  { name: 'model', type: 'STRING' },
  { name: 'variant', type: 'STRING' },
  { name: 'measure', type: 'STRING' },
  { name: 'metric', type: 'STRING' },
  { name: 'unit', type: 'STRING' },
  { name: 'method', type: 'STRING' },
  { name: 'set', type: 'STRING' },
  { name: 'condition', type: 'STRING' },
  { name: 'sparsity', type: 'DOUBLE' },
  { name: 'seed', type: 'STRING' },
  { name: 'seeds', type: 'INT32' },
  { name: 'images', type: 'INT32' },
  { name: 'value', type: 'DOUBLE' },
  { name: 'low', type: 'DOUBLE' },
  { name: 'high', type: 'DOUBLE' },
  { name: 'dense', type: 'DOUBLE' },
  { name: 'gain', type: 'DOUBLE' },
  { name: 'gain_low', type: 'DOUBLE' },
  { name: 'gain_high', type: 'DOUBLE' },
  { name: 'gain_sd', type: 'DOUBLE' },
  { name: 'verdict', type: 'STRING' },
  { name: 'controls', type: 'STRING' },
  { name: 'people', type: 'DOUBLE' },
];
