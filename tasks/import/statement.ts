import type { JsonSchema } from '../../engine/contract/json-schema.ts';

/** What whoever made a checkpoint says of it. Nothing of it is believed: it is kept with the model, to compare with. */
export interface Statement {
  /** Who says so. */
  readonly by?: string;
  /** Where the file comes from: an address, a paper. */
  readonly source?: string;
  readonly data?: string;
  readonly recipe?: string;
  /** In 0..1, on the test set of `data`. */
  readonly accuracy?: number;
  /** Share of the prunable weights that are pruned, in 0..1. */
  readonly sparsity?: number;
}

/** Figures in papers and file names are rounded, and count other weights too (biases, the first layer): as far apart they still agree. */
export const sparsityTolerance = 0.01;

const text = (description: string): JsonSchema => ({
  type: 'string',
  minLength: 1,
  maxLength: 500,
  description,
});

const share = (description: string): JsonSchema => ({ type: 'number', minimum: 0, maximum: 1, description });

export const statementSchema: JsonSchema = {
  type: 'object',
  default: {},
  description:
    'What whoever made the checkpoint says of it; kept with the model. A sparsity that the file contradicts by more than 0.01 is an error.',
  properties: {
    by: text('Who says so.'),
    source: text('Where the file comes from: an address, a paper.'),
    data: text('What it was trained on.'),
    recipe: text('How it was trained.'),
    accuracy: share('On the test set of that data, in 0..1.'),
    sparsity: share('Share of the prunable weights that are pruned.'),
  },
  additionalProperties: false,
};

/** A statement as facts about the training, each by a name for people. */
export function statedFacts(stated: Statement): { readonly [name: string]: string | number } {
  return Object.fromEntries(
    Object.entries(stated).map(([name, value]) => [`stated ${name}`, value as string | number]),
  );
}

/** What of a study's word on a model's sparsity the file contradicts, in words. */
export function contradiction(
  { sparsity, stated = {} }: { readonly sparsity?: number | undefined; readonly stated?: Statement },
  found: number,
): string | undefined {
  if (stated.sparsity !== undefined && Math.abs(stated.sparsity - found) > sparsityTolerance)
    return `a sparsity of ${stated.sparsity} is stated, and it has ${rounded(found)}`;
  if (sparsity !== undefined && Math.abs(sparsity - found) > 1e-9 * Math.max(1, sparsity))
    return `the study says \`sparsity: ${sparsity}\`, and it has ${found}`;
  return undefined;
}

function rounded(share: number): number {
  return Number(share.toPrecision(4));
}
