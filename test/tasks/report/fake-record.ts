import { basename } from 'node:path';
import { digestOf, taskKeyOf } from '../../../cache/digest.ts';
import type { Coordinates, Facts } from '../../../engine/contract/scalar.ts';
import type { ResultRecord, StudyRecord, TaskRecord } from '../../../engine/contract/study-record.ts';
import type { InputArtifact } from '../../../engine/contract/task-context.ts';

/** The record that a run of an invented study would leave: models, pruned models, heatmaps, and what scored them. */
export function fakeRecord(scores: readonly InputArtifact[]): StudyRecord {
  const tasks: TaskRecord[] = [];
  const places = new Map<string, number>();
  const add = (task: Invented): number => {
    const address = addressOf(task);
    const known = places.get(address);
    if (known !== undefined) return known;
    const place = tasks.push(taskOf(task, tasks.length)) - 1;
    places.set(address, place);
    return place;
  };
  for (const artifact of scores) {
    const { seed = 0, pool = 0, method, model } = artifact.coordinates;
    const at = { ...(model === undefined ? {} : { model }), seed };
    let checkpoint = add({ name: 'dense', kind: 'train', coordinates: at, output: 'model', reads: [] });
    for (let step = 1; step <= Number(pool); step++) {
      const coordinates = { ...at, step };
      const cut = { name: 'lrr/cut', kind: 'prune', coordinates, output: 'model', reads: [checkpoint] };
      const tuned = { ...cut, name: 'lrr/retrain', kind: 'train', reads: [add(cut)] };
      checkpoint = add(tuned);
    }
    const name = basename(artifact.dir).split('-')[0]!;
    const reads =
      name === 'localise'
        ? [
            add({
              ...{ name: 'heatmaps', kind: 'attribute', output: 'heatmaps', reads: [checkpoint] },
              coordinates: { ...at, method: method!, pool },
            }),
          ]
        : [checkpoint];
    const { coordinates, facts, digest } = artifact;
    add({ name, kind: name, coordinates, facts, output: 'scores', digest, reads });
  }
  return { ...recordOf(tasks), tasks };
}

/** Of thousands of tasks that have nothing in common but their names. */
export function largeRecord(count: number): StudyRecord {
  const tasks = Array.from({ length: count }, (_, i) =>
    taskOf(
      {
        ...{
          name: `task-${i % 12}`,
          kind: 'evaluate',
          output: 'scores',
          reads: i < 12 ? [] : [i - 12, i % 12],
        },
        coordinates: { model: `model-${i % 3}`, seed: i % 5, set: `set-${i % 17}`, pool: i },
      },
      i,
    ),
  );
  return { ...recordOf(tasks), tasks };
}

interface Invented {
  readonly name: string;
  readonly kind: string;
  readonly coordinates: Coordinates;
  readonly facts?: Facts;
  readonly output: string;
  readonly digest?: InputArtifact['digest'];
  readonly reads: readonly number[];
}

function addressOf({ name, coordinates }: Pick<Invented, 'name' | 'coordinates'>): string {
  const at = Object.entries(coordinates).map(([axis, value]) => `${axis}=${value}`);
  return at.length === 0 ? name : `${name}@${at.join(',')}`;
}

function taskOf(invented: Invented, place: number): TaskRecord {
  const { name, kind, coordinates, facts = {}, output, reads } = invented;
  const address = addressOf(invented);
  const digest = invented.digest ?? digestOf(`${output} of ${address}`);
  const earlier = place % 3 === 1;
  return {
    ...{ address, name, kind, coordinates, facts, reads },
    command: `sweetspot rerun invented.yaml ${address}`,
    result: {
      key: taskKeyOf(digestOf(`key of ${address}`)),
      outputs: { [output]: digest },
      madeBy: earlier ? { kind: 'run', run: 'r-20300101-0001' } : { kind: 'this-run' },
      ...resultOf(place),
      log: `reading ${address}\nepoch 1 of 3, loss ${(1 / (place + 1)).toFixed(4)}\nwrote ${output}`,
    },
  };
}

function resultOf(place: number): Omit<ResultRecord, 'key' | 'outputs' | 'madeBy' | 'log'> {
  const onGpu = place % 4 === 0;
  return {
    startedAt: new Date(Date.UTC(2030, 0, 2, 3, 4, 5) + 61_003 * place).toISOString(),
    durationMs: 60_000 + ((place * 7919) % 50_000),
    deviceClass: onGpu ? 'gpu-h200' : 'cpu-t2',
    backend: 'tensorflow',
    versions: { sweetspot: '0.1.0', tensorflow: '2.16.1' },
    peakMemoryBytes: 500_000_000 + place * 1013,
  };
}

function recordOf(tasks: readonly TaskRecord[]): Omit<StudyRecord, 'tasks'> {
  return {
    ...{
      study: 'invented',
      file: 'workflows/invented.yaml',
      params: { epochs: 3, seeds: [0, 1] },
      smoke: false,
    },
    sources: [
      { path: 'workflows/invented.yaml', text: 'study: invented\n\ntasks:\n  # first\n  dense: {}\n' },
    ],
    command: 'sweetspot run workflows/invented.yaml --param epochs=3',
    version: '0.1.0',
    run: {
      run: 'r-20300102-0002',
      startedAt: '2030-01-02T03:04:00.000Z',
      durationMs: 61_003 * tasks.length,
      slots: ['cpu-0', 'cpu-1'],
    },
  };
}
