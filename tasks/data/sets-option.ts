import type { JsonObject } from '../../cache/json.ts';
import type { JsonSchema } from '../../engine/contract/json-schema.ts';
import { oodSets } from '../../vision/ood/sets.ts';
import { optionalTexts } from './options.ts';

/** Which of the 17 sets a data set of theirs is about. */
export const setsOption: JsonSchema = {
  type: 'array',
  items: { enum: oodSets.map(({ name }) => name) },
  minItems: 1,
  uniqueItems: true,
  description: 'Which sets; name those that are there. Default: all 17.',
};

/** The sets that a study uses, in the benchmark's order unless it names its own. */
export function setsOf(options: JsonObject): readonly string[] {
  return optionalTexts(options, 'sets') ?? oodSets.map(({ name }) => name);
}
