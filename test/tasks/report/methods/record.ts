import type { JsonObject } from '../../../../cache/json.ts';
import type { DataRecord, StudyRecord, TaskRecord } from '../../../../engine/contract/study-record.ts';
import { methodsOf } from '../../../../tasks/report/methods/methods-of.ts';
import { phraseText } from '../../../../tasks/report/methods/formats/as-text.ts';
import type { Measured } from '../../../../tasks/report/dress/measured.ts';
import { fakeRecord } from '../fake-record.ts';

export interface Told {
  readonly kind: string;
  readonly options?: JsonObject;
  readonly facts?: TaskRecord['facts'];
  readonly coordinates?: TaskRecord['coordinates'];
  readonly data?: readonly Partial<DataRecord>[];
  readonly reads?: readonly number[];
  /** Digest of its scores. */
  readonly scores?: string;
  readonly isDone?: boolean;
}

/** A record of these tasks, done but for those that say otherwise. */
export function recordOf(tasks: readonly Told[], changes: Partial<StudyRecord> = {}): StudyRecord {
  return { ...fakeRecord([]), tasks: tasks.map(taskOf), ...changes };
}

function taskOf(told: Told, place: number): TaskRecord {
  const { kind, options = {}, facts = {}, coordinates = {}, data = [], reads = [], isDone = true } = told;
  const sets = data.map((set): DataRecord => {
    return { input: 'data', name: 'images', adapter: 'shapes', options: {}, facts: {}, ...set };
  });
  return {
    ...{ address: `${kind}-${place}`, name: kind, kind, coordinates, options, data: sets, facts, reads },
    command: '',
    result: isDone
      ? ({
          ...{
            outputs: told.scores === undefined ? {} : { scores: told.scores },
            madeBy: { kind: 'this-run' },
            startedAt: '2030-01-01T00:00:00.000Z',
          },
          ...{ durationMs: 3_600_000, deviceClass: 'cpu-t2', backend: 'tensorflow' },
          ...{ versions: { tensorflow: '2.21.0' }, peakMemoryBytes: undefined, log: undefined, key: 'k' },
        } as unknown as TaskRecord['result'])
      : undefined,
  };
}

/** All that is told of a subject, with numbered references; undefined where nothing is. */
export function toldOf(
  title: string,
  tasks: readonly Told[],
  measured: Measured = new Map(),
): string | undefined {
  const { paragraphs, works } = methodsOf(recordOf(tasks), measured);
  const found = paragraphs.find((paragraph) => paragraph.title === title);
  return found?.sentences.map((sentence) => phraseText(sentence, works)).join(' ');
}

export function citedBy(tasks: readonly Told[]): readonly string[] {
  return methodsOf(recordOf(tasks)).works.map(({ key }) => key);
}

const recipe: JsonObject = {
  ...{ epochs: 8, batch: 32, learning_rate: 0.05, momentum: 0.9, weight_decay: 0.0001 },
  ...{ schedule: { kind: 'cosine', minimum: 0 }, crop: { kind: 'padded', padding: 4 }, flip: true },
};
const masks: Partial<DataRecord> = {
  ...{ name: 'masks', options: { split: 'masks', size: 32, seed: 0 } },
  facts: { classes: 16, size: 32, images: 128 },
};
const dense = { model: 'resnet20', classes: 16, sparsity: 0 };
const sparse = { ...dense, sparsity: 0.2 };

/** Of two trainings: trained, pruned, trained again, explained, searched for objects, decided. */
export const wholeStudy: readonly Told[] = [0, 1].flatMap((seed): readonly Told[] => {
  const at = seed * 9;
  const coordinates = { seed };
  return [
    {
      ...{ kind: 'train', coordinates, facts: dense, options: { model: 'resnet20', seed, recipe } },
      data: [
        {
          name: 'train',
          options: { split: 'train', size: 32, seed: 0 },
          facts: { classes: 16, images: 2048 },
        },
      ],
    },
    {
      kind: 'prune',
      coordinates,
      facts: sparse,
      reads: [at],
      options: { method: 'global-magnitude', fraction: 0.2 },
    },
    { kind: 'train', coordinates, facts: sparse, reads: [at + 1], options: { recipe: { epochs: 2 } } },
    {
      ...{
        kind: 'attribute',
        coordinates,
        facts: { ...sparse, method: 'integrated-gradients' },
        data: [masks],
      },
      options: {
        method: 'integrated-gradients',
        images: 48,
        steps: 50,
        rule: 'gausslegendre',
        target: 'predicted',
      },
    },
    { kind: 'localise', coordinates, facts: sparse, options: { metrics: ['rma', 'rra'], pooling: 'auto' } },
    { kind: 'lost', coordinates, facts: sparse, data: [masks], options: { k: 100, dilation: 1 } },
    { kind: 'corloc', coordinates, facts: sparse, options: { threshold: 0.5, hard: 'keep' } },
    {
      kind: 'evaluate',
      coordinates: { ...coordinates, pool: 0 },
      facts: dense,
      options: { class_map: 'auto' },
    },
    {
      kind: 'evaluate',
      coordinates: { ...coordinates, pool: 1 },
      facts: sparse,
      options: { class_map: 'auto' },
    },
  ];
});
