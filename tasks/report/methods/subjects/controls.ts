import type { TaskRecord } from '../../../../engine/contract/study-record.ts';
import { plural } from '../../page/numbers.ts';
import { numberOf, option, optionValues } from '../evidence.ts';
import type { Evidence } from '../evidence.ts';
import { cite, listed, say } from '../phrase.ts';
import type { Phrase } from '../phrase.ts';
import { adebayo2018 } from '../works/attribution.ts';

/** What scores were doubted by. */
export function controlSentences({ controls, done }: Evidence): readonly Phrase[] {
  const randomised = done.filter(({ kind }) => kind === 'randomise');
  const shuffled = controls.filter(
    (task) => task.kind === 'localise' && option(task, 'masks') === 'shuffled',
  );
  const matched = done.filter(({ kind }) => kind === 'match-accuracy');
  const ways = [
    ...(randomised.length === 0 ? [] : [randomisedPhrase(randomised)]),
    ...(shuffled.length === 0 ? [] : [say`the same heatmaps scored against another image's mask`]),
    ...(matched.length === 0 ? [] : [matchedPhrase(matched)]),
  ];
  return ways.length === 0 ? [] : [say`Controls were ${listed(ways)}.`];
}

function randomisedPhrase(tasks: readonly TaskRecord[]): Phrase {
  const layers = optionValues(tasks, 'layers').flatMap((count) => numberOf(count) ?? []);
  const of =
    layers.length === 0
      ? 'whose weights were drawn anew'
      : `whose last ${layers.map((count) => plural(count, 'layer')).join(' or ')} were drawn anew`;
  return say`models of the same masks ${of}${cite(adebayo2018)}`;
}

function matchedPhrase(tasks: readonly TaskRecord[]): Phrase {
  const tolerances = optionValues(tasks, 'tolerance').map(String);
  const within = tolerances.length === 0 ? '' : `, within ${tolerances.join(' or ')}`;
  return say`the dense model nearest in accuracy${within}`;
}
