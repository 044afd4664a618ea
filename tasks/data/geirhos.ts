import { join } from 'node:path';
import type { DataAdapter, Listing, ListRequest } from '../../engine/contract/data-adapter.ts';
import { oodSets } from '../../vision/ood/sets.ts';
import { foldersIn, imagesUnder } from './folders.ts';
import { optionalNumber } from './options.ts';
import { setsOf, setsOption } from './sets-option.ts';
import { takeSpread } from './take-spread.ts';

/** The published stimuli of model-vs-human, one folder a set. */
export const geirhos: DataAdapter = {
  adapter: 'geirhos',
  summary: 'The 17 out-of-distribution sets of Geirhos et al. (2021): SET/…/FILE.png under the root.',
  version: 1,
  embedded: false,
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      sets: setsOption,
      limit: {
        type: 'integer',
        minimum: 1,
        description: 'At most so many images of each set, taken evenly from its listing.',
      },
    },
  },
  smoke: (options) => ({ ...options, limit: Math.min(8, optionalNumber(options, 'limit') ?? 8) }),
  lists: (options) => ({ sets: setsOf(options) }),
  facts: () => ({ classes: 16 }),
  list,
};

async function list({ root, options, part }: ListRequest): Promise<Listing> {
  if (root === undefined) throw new Error('geirhos needs a root');
  const limit = optionalNumber(options, 'limit');
  const paths: string[] = [];
  for (const set of part === undefined ? setsOf(options) : [part]) {
    // Published sets lie in `SET/dnn/session-1`, the folder sets in `SET/CATEGORY`.
    const images = await imagesUnder(root, set);
    if (images.length === 0) return missing(root, set, (await foldersIn(root)) ?? []);
    paths.push(...takeSpread(images, limit ?? images.length));
  }
  return { kind: 'listed', paths };
}

function missing(root: string, set: string, found: readonly string[]): Listing {
  const present = oodSets.map(({ name }) => name).filter((name) => found.includes(name));
  return {
    kind: 'unusable',
    message: `no images of ${set} in ${join(root, set)}`,
    hint:
      present.length === 0
        ? `expected folders named after the sets, e.g. ${join(root, 'edge', 'airplane')}`
        : `name the sets that are there: sets: [${present.join(', ')}]`,
  };
}
