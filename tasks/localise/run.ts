import type { TaskContext } from '../../engine/contract/task-context.ts';
import type { ImageSet } from '../../vision/data/image-set.ts';
import { groundTruth } from '../../vision/localisation/ground-truth.ts';
import type { VoidHandling } from '../../vision/localisation/ground-truth.ts';
import type { Heatmap } from '../../vision/localisation/heatmap.ts';
import type { Measurement } from '../../vision/localisation/measurement.ts';
import { localisationMetrics } from '../../vision/localisation/metrics.ts';
import type { LocalisationMetric, LocalisationMetricName } from '../../vision/localisation/metrics.ts';
import { defaultPooling, poolChannels } from '../../vision/localisation/pooling.ts';
import type { Pooling } from '../../vision/localisation/pooling.ts';
import { randomFrom } from '../../vision/random/random.ts';
import { derangement } from '../../vision/statistics/derangement.ts';
import { openImageSet } from '../data/open.ts';
import { recordIndices } from '../data/record-indices.ts';
import { readModelFile } from '../model/model-file.ts';
import { pickModelFacts } from '../model/model-facts.ts';
import type { HeatmapsFile } from '../heatmaps/heatmaps-file.ts';
import { openHeatmaps } from '../heatmaps/read-heatmaps.ts';
import { countCases, fraction, writeScoresFile } from '../scores/write-scores.ts';
import { checkTruth, truthsOf } from './truths.ts';
import type { LeftOut, Truth } from './truths.ts';

interface Options {
  readonly metrics: readonly LocalisationMetricName[];
  readonly pooling: 'auto' | Pooling;
  readonly void: VoidHandling;
  readonly margin: number;
  readonly truth: string;
  readonly masks: 'own' | 'shuffled';
  readonly shuffle_seed: number;
}

/** One score of each metric: of an image, or of an object in it. */
interface Row {
  readonly item: string;
  readonly image: string;
  readonly scores: readonly Score[];
}

/** A control by other images' masks needs another image. */
type Lacking = { readonly kind: LeftOut | 'no-other-image' };

type Score = Measurement | Lacking;

/** Measures every heatmap against its image's mask, or as a control against another image's. */
export async function runLocalise(context: TaskContext): Promise<void> {
  const options = context.options as unknown as Options;
  const metrics = localisationMetrics.filter((metric) => options.metrics.includes(metric.name));
  const input = context.artifact('heatmaps');
  await using heatmaps = await openHeatmaps(input.dir);
  const set = await openImageSet(context.data('data'));
  checkTruth(set, options.truth);
  const { items, method } = heatmaps.file;
  const truthAt = await truths({ context, options, set, heatmaps: heatmaps.file });

  const rows: Row[] = [];
  for (const [place, image] of items.entries()) {
    context.signal.throwIfAborted();
    const heatmap = await heatmaps.map(place);
    for (const truth of await truthAt(place)) rows.push(rowOf({ image, truth, heatmap, metrics, options }));
    context.progress({ done: place + 1, of: items.length, unit: 'images' });
  }

  const column = (metric: number): readonly Score[] => rows.map(({ scores }) => scores[metric]!);
  await writeScoresFile(context.output('scores'), {
    format: 1,
    measure: 'localisation',
    about: { ...pickModelFacts(heatmaps.file), method, ...told(options) },
    items: rows.map(({ item }) => item),
    metrics: Object.fromEntries(metrics.map(({ name }, i) => [name, fraction(column(i).map(numberOf))])),
    ...(options.truth === 'objects' ? { groups: { image: rows.map(({ image }) => image) } } : {}),
    notes: Object.fromEntries(
      metrics.map(({ name }, i) => [name, countCases(column(i).map(({ kind }) => kind))]),
    ),
  });
  context.stateFacts('scores', { ...input.facts });
}

/** The options that the scores tell; those at which nothing is out of the ordinary are not told. */
function told({ pooling, void: border, margin, truth, masks }: Options): {
  readonly [name: string]: string | number;
} {
  return {
    pooling,
    void: border,
    ...(margin === 0 ? {} : { margin }),
    ...(truth === 'any' ? {} : { truth }),
    ...(masks === 'own' ? {} : { masks }),
  };
}

interface TruthSource {
  readonly context: TaskContext;
  readonly options: Options;
  readonly set: ImageSet;
  readonly heatmaps: Pick<HeatmapsFile, 'items' | 'targets' | 'preprocessing'>;
}

/** What the map at a place is scored against. */
async function truths({
  context,
  options,
  set,
  heatmaps,
}: TruthSource): Promise<(place: number) => Promise<readonly (Truth | Lacking)[]>> {
  const { items, targets, preprocessing } = heatmaps;
  const { truth, masks } = options;
  const indices = recordIndices(set, items);
  const model = context.optionalArtifact('model');
  const classes = model === undefined ? [] : (await readModelFile(model.dir)).classes;
  const own = (place: number): Promise<readonly Truth[]> =>
    truthsOf({ set, index: indices[place]!, truth, target: classes[targets[place]!], preprocessing });
  if (masks === 'own') return own;
  const partners = derangement(items.length, randomFrom(options.shuffle_seed));
  return (place) =>
    partners === undefined ? Promise.resolve([{ kind: 'no-other-image' }]) : own(partners[place]!);
}

interface Scoring {
  readonly image: string;
  readonly truth: Truth | Lacking;
  readonly heatmap: Heatmap;
  readonly metrics: readonly LocalisationMetric[];
  readonly options: Options;
}

function rowOf({ image, truth, heatmap, metrics, options }: Scoring): Row {
  if (truth.kind !== 'mask') return { item: image, image, scores: metrics.map(() => truth) };
  const pooling = options.pooling === 'auto' ? defaultPooling(heatmap.channels) : options.pooling;
  const evidence = {
    heatmap,
    pooled: poolChannels(heatmap, pooling),
    truth: groundTruth(truth.mask, options.void),
    margin: options.margin,
  };
  return {
    item: truth.object === undefined ? image : `${image}#${truth.object}`,
    image,
    scores: metrics.map((metric) => metric.measure(evidence)),
  };
}

function numberOf(score: Score): number | null {
  return 'value' in score ? score.value : null;
}
