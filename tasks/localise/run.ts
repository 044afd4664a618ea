import { TaskError } from '../../engine/contract/task-context.ts';
import type { TaskContext } from '../../engine/contract/task-context.ts';
import type { ImageSet } from '../../vision/data/image-set.ts';
import { preprocessMask } from '../../vision/data/preprocess.ts';
import { groundTruth } from '../../vision/localisation/ground-truth.ts';
import type { VoidHandling } from '../../vision/localisation/ground-truth.ts';
import { valueOf } from '../../vision/localisation/measurement.ts';
import type { Measurement } from '../../vision/localisation/measurement.ts';
import { localisationMetrics } from '../../vision/localisation/metrics.ts';
import type { LocalisationMetric, LocalisationMetricName } from '../../vision/localisation/metrics.ts';
import { defaultPooling, poolChannels } from '../../vision/localisation/pooling.ts';
import type { Pooling } from '../../vision/localisation/pooling.ts';
import { openImageSet } from '../data/open.ts';
import { recordIndices } from '../data/record-indices.ts';
import { pickModelFacts } from '../model/model-facts.ts';
import { openHeatmaps } from '../heatmaps/read-heatmaps.ts';
import type { OpenHeatmaps } from '../heatmaps/read-heatmaps.ts';
import { countCases, fraction, writeScoresFile } from '../scores/write-scores.ts';

interface Options {
  readonly metrics: readonly LocalisationMetricName[];
  readonly pooling: 'auto' | Pooling;
  readonly void: VoidHandling;
}

/** Measures every heatmap against its image's mask. */
export async function runLocalise(context: TaskContext): Promise<void> {
  const options = context.options as unknown as Options;
  const metrics = localisationMetrics.filter((metric) => options.metrics.includes(metric.name));
  const input = context.artifact('heatmaps');
  await using heatmaps = await openHeatmaps(input.dir);
  const set = await openImageSet(context.data('data'));
  const { items, method } = heatmaps.file;
  const indices = recordIndices(set, items);

  const measured: (readonly Measurement[])[] = [];
  for (const [place, index] of indices.entries()) {
    context.signal.throwIfAborted();
    measured.push(await measure({ heatmaps, place, set, index, metrics, options }));
    context.progress({ done: place + 1, of: items.length, unit: 'images' });
  }

  const column = (metric: number): readonly Measurement[] => measured.map((row) => row[metric]!);
  await writeScoresFile(context.output('scores'), {
    format: 1,
    measure: 'localisation',
    about: { ...pickModelFacts(heatmaps.file), method, pooling: options.pooling, void: options.void },
    items,
    metrics: Object.fromEntries(metrics.map(({ name }, i) => [name, fraction(column(i).map(valueOf))])),
    notes: Object.fromEntries(
      metrics.map(({ name }, i) => [name, countCases(column(i).map(({ kind }) => kind))]),
    ),
  });
  context.stateFacts('scores', { ...input.facts });
}

interface Measuring {
  readonly heatmaps: OpenHeatmaps;
  readonly place: number;
  readonly set: ImageSet;
  readonly index: number;
  readonly metrics: readonly LocalisationMetric[];
  readonly options: Options;
}

async function measure(request: Measuring): Promise<readonly Measurement[]> {
  const { heatmaps, place, set, index, metrics, options } = request;
  if (set.mask === undefined) throw new TaskError('task', `the data set ${set.name} has no masks`);
  const mask = preprocessMask(await set.mask(index), heatmaps.file.preprocessing);
  const heatmap = await heatmaps.map(place);
  const pooling = options.pooling === 'auto' ? defaultPooling(heatmap.channels) : options.pooling;
  const evidence = {
    heatmap,
    pooled: poolChannels(heatmap, pooling),
    truth: groundTruth(mask.data, options.void),
  };
  return metrics.map((metric) => metric.measure(evidence));
}
