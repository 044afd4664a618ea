import { TaskError } from '../../engine/contract/task-context.ts';
import type { InputArtifact, TaskContext } from '../../engine/contract/task-context.ts';
import type { Coordinates, Facts } from '../../engine/contract/scalar.ts';
import { readScoresFile } from '../readings/scores-file.ts';
import type { ScoresFile } from '../readings/scores-file.ts';
import { writeScoresFile } from '../scores/write-scores.ts';

interface Options {
  readonly metric: string;
  readonly tolerance: number;
}

/** A dense model: how often it is right, and what it scores. */
interface Candidate {
  readonly accuracy: number;
  readonly scores: InputArtifact;
}

/** Picks the dense model nearest in accuracy, and writes its scores in the place of the pruned model's. */
export async function runMatchAccuracy(context: TaskContext): Promise<void> {
  const { metric, tolerance } = context.options as unknown as Options;
  const input = context.artifact('scores');
  const doubted = await readScoresFile(input.dir);
  const accuracy = await ownAccuracy(context.artifacts('accuracy'), metric);
  const nearest = (await candidatesOf(context, input.facts, metric)).reduce((best, other) =>
    Math.abs(other.accuracy - accuracy) < Math.abs(best.accuracy - accuracy) ? other : best,
  );
  const found = await readScoresFile(nearest.scores.dir);
  if (found.measure !== doubted.measure)
    throw new TaskError('task', `dense_scores are of ${found.measure}, scores of ${doubted.measure}`);

  const isNear = Math.abs(nearest.accuracy - accuracy) <= tolerance;
  if (!isNear)
    context.log.warn(
      `no dense model within ${tolerance} of the accuracy ${accuracy}: the nearest has ${nearest.accuracy}`,
    );
  await writeScoresFile(context.output('scores'), {
    ...(isNear ? found : withoutValues(found)),
    about: {
      ...doubted.about,
      accuracy,
      matched_accuracy: nearest.accuracy,
      matched: placeText(nearest.scores.coordinates),
    },
  });
  context.stateFacts('scores', input.facts);
}

async function ownAccuracy(given: readonly InputArtifact[], metric: string): Promise<number> {
  const [only, ...more] = given;
  if (only === undefined || more.length > 0)
    throw new TaskError('task', `accuracy is that of one model, and ${given.length} were given`);
  return accuracyOf(only, metric);
}

async function candidatesOf(
  context: TaskContext,
  doubted: Facts,
  metric: string,
): Promise<readonly [Candidate, ...Candidate[]]> {
  const accuracies = context.artifacts('dense_accuracy');
  // A study gathers the scores of all methods at once; those of others are no answer to these.
  const scores = context
    .artifacts('dense_scores')
    .filter(({ facts }) => ['method', 'set'].every((name) => facts[name] === doubted[name]));
  if (accuracies.length !== scores.length)
    throw new TaskError(
      'task',
      `dense_accuracy has ${accuracies.length} models and dense_scores ${scores.length} of the same method and set: they stand side by side`,
    );
  const candidates: Candidate[] = [];
  for (const [i, artifact] of accuracies.entries()) {
    refuseOthers(artifact.coordinates, scores[i]!.coordinates);
    candidates.push({ accuracy: await accuracyOf(artifact, metric), scores: scores[i]! });
  }
  const [first, ...others] = candidates;
  if (first === undefined) throw new TaskError('task', 'no dense model was given');
  return [first, ...others];
}

/** Places in the study that contradict each other are those of different models. */
function refuseOthers(one: Coordinates, other: Coordinates): void {
  const axis = Object.keys(one).find((name) => name in other && one[name] !== other[name]);
  if (axis !== undefined)
    throw new TaskError(
      'task',
      `dense_accuracy and dense_scores stand in different orders: ${placeText(one)} beside ${placeText(other)}`,
    );
}

async function accuracyOf({ dir, coordinates }: InputArtifact, metric: string): Promise<number> {
  const { metrics } = await readScoresFile(dir);
  const mean = metrics[metric]?.mean ?? null;
  if (mean !== null) return mean;
  throw new TaskError(
    'task',
    `the accuracy of ${placeText(coordinates) || 'the model'} has no ${metric}, only ${Object.keys(metrics).join(', ')}`,
  );
}

function withoutValues(file: ScoresFile): ScoresFile {
  const names = Object.keys(file.metrics);
  return {
    ...file,
    metrics: Object.fromEntries(
      Object.entries(file.metrics).map(([name, metric]) => [
        name,
        { ...metric, mean: null, values: metric.values.map(() => null) },
      ]),
    ),
    notes: Object.fromEntries(names.map((name) => [name, { 'no-equal-dense': file.items.length }])),
  };
}

function placeText(coordinates: Coordinates): string {
  return Object.entries(coordinates)
    .map(([axis, value]) => `${axis}=${value}`)
    .join(', ');
}
