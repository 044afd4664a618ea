import { setLabel } from '../../page/labels.ts';
import { plural } from '../../page/numbers.ts';
import { optionValues, option, written } from '../evidence.ts';
import type { Evidence } from '../evidence.ts';
import { cite, listed, say } from '../phrase.ts';
import type { Phrase } from '../phrase.ts';
import { geirhos2018, geirhos2019, geirhos2021 } from '../works/evaluation.ts';
import { imagesText } from './data.ts';

/** Accuracy on plain images, and on the sets that people were tested with. */
export function decisionSentences({ of }: Evidence): readonly Phrase[] {
  const decided = of('evaluate');
  const plain = decided.filter((task) => option(task, 'set') === undefined && task.options !== undefined);
  const onSets = decided.filter((task) => option(task, 'set') !== undefined);
  const sets = optionValues(onSets, 'set').map((set) => setLabel(written(set)));
  const bias = optionValues(onSets, 'set').includes('cue-conflict');
  return [
    ...(plain.length === 0
      ? []
      : [say`Accuracy is the share of images given their own class${imagesText(plain)}.`]),
    ...(sets.length === 0
      ? []
      : [
          say`Out-of-distribution accuracy was measured on ${plural(sets.length, 'set')} as in model-vs-human${cite(geirhos2021)} (${lower(sets)})${imagesText(onSets)}, over all conditions of a set together.`,
        ]),
    ...(mapsClasses(onSets)
      ? [
          say`A model's classes answered for the 16 categories${cite(geirhos2018)} by the highest mean probability of a category's classes, where their names differ.`,
        ]
      : []),
    ...(bias
      ? [
          say`Shape bias is the share of cue conflicts decided by shape, of those decided by shape or texture${cite(geirhos2019)}.`,
        ]
      : []),
  ];
}

function lower(sets: readonly string[]): Phrase {
  return listed(sets.map((set) => set.charAt(0).toLowerCase() + set.slice(1)));
}

/** Names that agree need no map: only models of other classes than 16 have one for certain. */
function mapsClasses(tasks: ReturnType<Evidence['of']>): boolean {
  return tasks.some(
    ({ facts, options }) =>
      options?.['class_map'] !== 'identity' && facts['classes'] !== undefined && facts['classes'] !== 16,
  );
}
