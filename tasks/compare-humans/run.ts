import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TaskError, type TaskContext } from '../../engine/contract/task-context.ts';
import { compareWithHumans } from '../../vision/ood/compare-with-humans.ts';
import { trialKey, type HumanTrial } from '../../vision/ood/human-trials.ts';
import { oodSetNamed, type OodSet } from '../../vision/ood/sets.ts';
import type { ScoredMetric } from '../readings/scores-file.ts';
import { countCases, fraction, metric, writeScoresFile } from '../scores/write-scores.ts';
import { comparisonFile } from './comparison-file.ts';
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
  const isCounted = (condition: string | undefined): boolean =>
    options.conditions === 'all' || condition === undefined || !set.notInBenchmark.includes(condition);
  const people = await readHumans(context.data('humans'), set);

  const asked = trials.filter((trial) => trial !== undefined);
  if (asked.length === 0)
    throw new TaskError(
      'task',
      `decisions: the model knows no category of the ${trials.length} images of ${set.name}`,
    );
  const askedKeys = new Set(asked.map(trialKey));
  const counted = asked.filter(({ condition }) => isCounted(condition));
  const countedKeys = new Set(counted.map(trialKey));
  const humans = people.filter((trial) => countedKeys.has(trialKey(trial)));
  if (humans.length === 0)
    throw new TaskError(
      'task',
      noCommonTrial(set, { seen: scores.items[0]!, conditions: options.conditions }, people),
    );

  const compared = compareWithHumans(counted, humans);
  const places = new Map(counted.map((trial, i) => [trialKey(trial), i]));
  /** Values of the counted trials, in the order of all the scores' images. */
  const spread = (values: readonly (number | null)[]): readonly (number | null)[] =>
    trials.map((trial) => (trial === undefined ? null : (values[places.get(trialKey(trial)) ?? -1] ?? null)));
  const rightShare = new Map(shareRight(humans));
  const perTrial = compared.perTrial;
  const seen = new Set(humans.map(trialKey));
  await writeScoresFile(context.output('scores'), {
    format: 1,
    measure: 'humans',
    about: { ...scores.about, conditions: options.conditions },
    items: scores.items,
    metrics: {
      error_consistency: withMean(
        metric(spread(perTrial.errorConsistency), { unit: 'kappa', higherIsBetter: true }),
        compared.errorConsistency,
      ),
      observed_consistency: withMean(
        fraction(spread(perTrial.observedConsistency)),
        compared.observedConsistency,
      ),
      accuracy_difference: withMean(
        metric(spread(perTrial.accuracyDifference), { unit: 'squared difference', higherIsBetter: false }),
        compared.accuracyDifference,
      ),
      human_accuracy: fraction(spread(counted.map((trial) => rightShare.get(trialKey(trial)) ?? null))),
    },
    ...(scores.groups === undefined ? {} : { groups: scores.groups }),
    notes: {
      images: countCases(trials.map((trial) => caseOf(trial, isCounted, seen))),
      human_trials: {
        compared: humans.length,
        without_an_answer: humans.filter(({ response }) => response === 'na').length,
        of_other_images: people.filter((trial) => !askedKeys.has(trialKey(trial))).length,
      },
    },
  });
  const file = comparisonFile({ set, compared, counted, humans });
  await writeFile(join(context.output('scores'), 'comparison.json'), `${JSON.stringify(file, null, 1)}\n`);
  context.stateFacts('scores', { ...input.facts });
}

/** Sums of a few thousand terms: the mean that was computed directly has the fewer roundings. */
function withMean(scored: ScoredMetric, mean: number | null): ScoredMetric {
  return { ...scored, mean };
}

function caseOf(
  trial: DecidedTrial | undefined,
  isCounted: (condition: string | undefined) => boolean,
  seen: ReadonlySet<string>,
): string {
  if (trial === undefined) return 'not-asked';
  if (!isCounted(trial.condition)) return 'not-in-benchmark';
  return seen.has(trialKey(trial)) ? 'compared' : 'not-shown-to-people';
}

/** For each trial the share of people who were right on it. */
function shareRight(humans: readonly HumanTrial[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, { right: number; all: number }>();
  for (const trial of humans) {
    const count = counts.get(trialKey(trial)) ?? { right: 0, all: 0 };
    counts.set(trialKey(trial), count);
    count.all += 1;
    if (trial.response === trial.category) count.right += 1;
  }
  return [...counts].map(([key, { right, all }]) => [key, right / all]);
}

function noCommonTrial(
  set: OodSet,
  model: { readonly seen: string; readonly conditions: string },
  people: readonly HumanTrial[],
): string {
  const limit = model.conditions === 'all' ? '' : ` in the conditions of the ${model.conditions}`;
  const shown = people[0]?.fileName ?? 'nothing';
  return `nobody was shown any of the model's images of ${set.name}${limit}: the model saw ${model.seen} and the like, people ${shown}`;
}
