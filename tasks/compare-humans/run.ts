import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TaskError, type TaskContext } from '../../engine/contract/task-context.ts';
import { compareWithHumans } from '../../vision/ood/compare-with-humans.ts';
import { humanBaseline } from '../../vision/ood/human-baseline.ts';
import { trialKey, type HumanTrial } from '../../vision/ood/human-trials.ts';
import { oodSetNamed, type OodSet } from '../../vision/ood/sets.ts';
import { countCases, writeScoresFile } from '../scores/write-scores.ts';
import { comparisonFile } from './comparison-file.ts';
import { humanLevels } from './human-levels.ts';
import { likenessMetrics } from './likeness-metrics.ts';
import { readDecisions, type DecidedTrial } from './read-decisions.ts';
import { readHumans } from './read-humans.ts';

interface Options {
  readonly set: string;
  readonly conditions: 'all' | 'benchmark';
}

/** Compares on the trials that the model and a person were both given. */
export async function runCompareHumans(context: TaskContext): Promise<void> {
  const options = context.options as unknown as Options;
  const set = oodSetNamed(options.set)!;
  const input = context.artifact('decisions');
  const { scores, trials } = await readDecisions(input);
  const people = await readHumans(context.data('humans'), set);

  const asked = trials.filter((trial) => trial !== undefined);
  if (asked.length === 0)
    throw new TaskError('task', `decisions: the model knows no category of ${set.name}`);
  const isCounted = ({ condition }: DecidedTrial): boolean =>
    options.conditions === 'all' || condition === undefined || !set.notInBenchmark.includes(condition);
  const counted = asked.filter(isCounted);
  const countedKeys = new Set(counted.map(trialKey));
  const humans = people.filter((trial) => countedKeys.has(trialKey(trial)));
  if (humans.length === 0)
    throw new TaskError('task', noCommonTrial(set, options, { model: scores.items[0]!, people }));

  const compared = compareWithHumans(counted, humans);
  const baseline = humanBaseline(humans);
  const askedKeys = new Set(asked.map(trialKey));
  const shownKeys = new Set(humans.map(trialKey));
  const caseOf = (trial: DecidedTrial | undefined): string => {
    if (trial === undefined) return 'not-asked';
    if (!isCounted(trial)) return 'not-in-benchmark';
    return shownKeys.has(trialKey(trial)) ? 'compared' : 'not-shown-to-people';
  };
  const places = new Map(counted.map((trial, place) => [trial, place]));
  await writeScoresFile(context.output('scores'), {
    format: 1,
    measure: 'humans',
    about: { ...scores.about, conditions: options.conditions },
    items: scores.items,
    metrics: likenessMetrics({
      compared,
      baseline,
      places: trials.map((trial) => (trial === undefined ? undefined : places.get(trial))),
    }),
    ...(scores.groups === undefined ? {} : { groups: scores.groups }),
    people: humanLevels(set, humans),
    notes: {
      images: countCases(trials.map(caseOf)),
      human_trials: {
        compared: humans.length,
        without_an_answer: humans.filter(({ response }) => response === 'na').length,
        of_other_images: people.filter((trial) => !askedKeys.has(trialKey(trial))).length,
      },
    },
  });
  const file = comparisonFile({ set, compared, baseline, counted, humans });
  await writeFile(join(context.output('scores'), 'comparison.json'), `${JSON.stringify(file, null, 1)}\n`);
  context.stateFacts('scores', { ...input.facts });
}

function noCommonTrial(
  set: OodSet,
  { conditions }: Options,
  saw: { readonly model: string; readonly people: readonly HumanTrial[] },
): string {
  const limit = conditions === 'all' ? '' : ` in the conditions of the ${conditions}`;
  const shown = saw.people[0]?.fileName ?? 'nothing';
  return `nobody was shown any of the model's images of ${set.name}${limit}: the model saw ${saw.model} and the like, people ${shown}`;
}
