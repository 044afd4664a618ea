import { describe, expect, it } from 'vitest';
import { arrayChunks } from '../../../../engine/executors/slurm/array-chunks.ts';
import { usualDriver, usualLimits, usualPack } from '../../../../engine/executors/slurm/config.ts';
import type { JobSettings, SlurmConfig } from '../../../../engine/executors/slurm/config.ts';
import type { PlannedTask } from '../../../../engine/plan/plan.ts';
import { demandOf, fitsInto, staysHere } from '../../../../engine/executors/slurm/demand.ts';

const config: SlurmConfig = {
  slot: { gpus: 1, cpus: 4 },
  settings: { partition: 'gpu', time: '1:00:00', flags: ['--exclude=n7'] },
  kinds: new Map([['train', { time: '24:00:00', flags: ['--nice=5'] }]]),
  light: undefined,
  lightKinds: new Map(),
  pack: usualPack,
  driver: usualDriver,
  limits: usualLimits,
};

describe('what a task takes of a node', () => {
  it('is its slots, in GPUs and cores', () => {
    const demand = demandOf({ kind: 'evaluate', resources: { slots: 2 }, timeoutMs: undefined }, config);
    expect(demand).toEqual({
      ...{ gpus: 2, cpus: 8, device: 'gpu', partition: 'gpu', mem: undefined },
      place: ['--partition=gpu', '--exclude=n7'],
      options: ['--cpus-per-task=8', '--gres=gpu:2', '--time=1:00:00', '--partition=gpu', '--exclude=n7'],
    });
  });

  it('has what the configuration says of its kind', () => {
    const { options } = demandOf({ kind: 'train', resources: { slots: 1 }, timeoutMs: undefined }, config);
    expect(options).toContain('--time=24:00:00');
    expect(options).not.toContain('--time=1:00:00');
    expect(options.slice(-2)).toEqual(['--exclude=n7', '--nice=5']);
  });

  it('is no GPU for a task without a slot, and one for a hard demand', () => {
    const light = { kind: 'pool', resources: { slots: 0, cpu: 3 }, timeoutMs: undefined };
    expect(demandOf(light, config)).toMatchObject({ gpus: 0, cpus: 3, device: 'none' });
    const cpuOnly = { ...config, slot: { gpus: 0, cpus: 2 } };
    const slot = { kind: 'x', resources: { slots: 1 }, timeoutMs: undefined };
    expect(demandOf(slot, cpuOnly)).toMatchObject({ gpus: 0, cpus: 2, device: 'cpu' });
    const hard = { kind: 'x', resources: { slots: 0, gpu: 2 }, timeoutMs: undefined };
    expect(demandOf(hard, cpuOnly)).toMatchObject({ gpus: 2, cpus: 4, device: 'gpu' });
  });

  it('asks for more memory than the task may hold by itself', () => {
    const task = { kind: 'x', resources: { slots: 1, memoryBytes: 2 ** 30 }, timeoutMs: undefined };
    expect(demandOf(task, config).options).toContain('--mem=1383M');
  });
});

describe('a task that follows another', () => {
  type Said = Partial<PlannedTask['resources']> & { readonly kind?: string };
  const fits = (task: Said, job: Said, kinds: SlurmConfig['kinds'] = new Map()): boolean => {
    const [small, large] = [task, job].map(({ kind = 'x', ...resources }) =>
      demandOf(
        { kind, resources: { slots: 1, ...resources }, timeoutMs: undefined },
        { ...config, kinds: new Map([...config.kinds, ...kinds]) },
      ),
    );
    return fitsInto(small!, large!);
  };
  const gibibyte = 2 ** 30;

  it('computes in its job where it takes the same of a node, or no slot', () => {
    expect(fits({}, {})).toBe(true);
    expect(fits({ slots: 2 }, {})).toBe(false);
    expect(fits({}, { slots: 2 })).toBe(false);
    expect(fits({ slots: 0 }, {})).toBe(true);
    expect(fits({ slots: 0, cpu: 5 }, {})).toBe(false);
    expect(fits({}, { slots: 0, cpu: 4 })).toBe(false);
  });

  it('has the memory that it asks for', () => {
    expect(fits({ memoryBytes: gibibyte }, { memoryBytes: gibibyte })).toBe(true);
    expect(fits({ memoryBytes: gibibyte }, {})).toBe(false);
    expect(fits({}, { memoryBytes: gibibyte })).toBe(false);
    expect(fits({ slots: 0 }, { memoryBytes: gibibyte })).toBe(true);
    expect(fits({ slots: 0, memoryBytes: gibibyte }, {})).toBe(false);
  });

  it('is where its kind is to be, however long that may take', () => {
    const evaluated = (settings: JobSettings): boolean =>
      fits({ kind: 'evaluate' }, {}, new Map([['evaluate', settings]]));
    expect(evaluated({ time: '5' })).toBe(true);
    expect(evaluated({ partition: 'cpu' })).toBe(false);
    expect(evaluated({ qos: 'low' })).toBe(false);
    expect(evaluated({ flags: ['--nice'] })).toBe(false);
  });
});

describe('a task without a slot', () => {
  const here = (resources: PlannedTask['resources'], kind = 'report', light?: 'here' | 'job'): boolean =>
    staysHere({ kind, resources }, { light, lightKinds: new Map([['prune', 'here']]) }, new Set(['report']));

  it('computes beside the driver where its kind does, or all do, and it is small', () => {
    expect(here({ slots: 0, cpu: 1 })).toBe(true);
    expect(here({ slots: 0, cpu: 1 }, 'report', 'job')).toBe(false);
    expect(here({ slots: 0, cpu: 1 }, 'corloc')).toBe(false);
    expect(here({ slots: 0, cpu: 1 }, 'corloc', 'here')).toBe(true);
    expect(here({ slots: 0, cpu: 1 }, 'prune', 'job')).toBe(true);
    expect(here({ slots: 0, cpu: 4 })).toBe(false);
    expect(here({ slots: 0, memoryBytes: 1 })).toBe(false);
    expect(here({ slots: 1 })).toBe(false);
    expect(here({ slots: 0, gpu: 1 })).toBe(false);
  });
});

describe('arrays', () => {
  it('hold tasks that are alike, in order, and no more than fit', () => {
    const items = ['a1', 'b1', 'a2', 'a3', 'b2'];
    expect(arrayChunks(items, (item) => item.charAt(0), 2)).toEqual([['a1', 'a2'], ['a3'], ['b1', 'b2']]);
    expect(arrayChunks([], () => '', 2)).toEqual([]);
  });

  it('are as few as can be', () => {
    const wave = Array.from({ length: 2500 }, (_, index) => index);
    const chunks = arrayChunks(wave, () => 'alike', 1001);
    expect(chunks.map((chunk) => chunk.length)).toEqual([1001, 1001, 498]);
    expect(chunks.flat()).toEqual(wave);
  });
});
