import { join } from 'node:path';
import type { DataAdapter, Listing, ListRequest } from '../../engine/contract/data-adapter.ts';
import { oodSets } from '../../vision/ood/sets.ts';
import { filesIn, foldersIn } from './folders.ts';
import { setsOf, setsOption } from './sets-option.ts';

/** What people answered on the 17 sets, one folder a set, one CSV a person: read by `compare-humans`. */
export const humanDecisions: DataAdapter = {
  adapter: 'human-decisions',
  summary: 'The published human decisions on the 17 sets: SET/SET_subject-NN_session_N.csv under the root.',
  version: 1,
  embedded: false,
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      sets: setsOption,
    },
  },
  lists: (options) => ({ sets: setsOf(options) }),
  list,
};

/** Models' decisions may lie beside the people's, as `SET_MODEL_session_1.csv`. */
const ofPerson = /_subject-[^_]+_session_[^_]+\.csv$/i;

async function list({ root, options, part }: ListRequest): Promise<Listing> {
  if (root === undefined) throw new Error('human-decisions needs a root');
  const paths: string[] = [];
  for (const set of part === undefined ? setsOf(options) : [part]) {
    const names = ((await filesIn(join(root, set))) ?? []).filter((name) => ofPerson.test(name));
    if (names.length === 0) return missing(root, set, (await foldersIn(root)) ?? []);
    paths.push(...names.map((name) => `${set}/${name}`));
  }
  return { kind: 'listed', paths };
}

function missing(root: string, set: string, found: readonly string[]): Listing {
  const present = oodSets.map(({ name }) => name).filter((name) => found.includes(name));
  return {
    kind: 'unusable',
    message: `no human decisions on ${set}: looked for ${join(root, set, `${set}_subject-01_session_1.csv`)} and the like`,
    hint:
      present.length === 0
        ? 'the root is the folder `raw-data` of model-vs-human, with a folder a set'
        : `name the sets that are there: sets: [${present.join(', ')}]`,
  };
}
