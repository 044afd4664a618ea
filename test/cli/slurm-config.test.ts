import { describe, expect, it } from 'vitest';
import { readSlurmConfig } from '../../cli/slurm-config.ts';

describe('slurm: of the configuration', () => {
  it('has one GPU and four cores to a slot where it says nothing', () => {
    expect(readSlurmConfig(undefined)).toEqual({
      slot: { gpus: 1, cpus: 4 },
      settings: {},
      kinds: new Map(),
      light: undefined,
      lightKinds: new Map(),
      pack: { minutes: 10 },
      driver: { cpus: 1 },
      limits: { submissionsPerMinute: 20, queued: 1000, pollSeconds: 10 },
    });
  });

  it('is read in full', () => {
    const read = readSlurmConfig({
      slot: { cpus: 8 },
      partition: 'gpu',
      time: 720,
      flags: ['--exclude=n1'],
      kinds: { train: { time: '24:00:00', mem: '32G' }, command: { light: 'job' } },
      light: 'here',
      pack: { minutes: 0 },
      driver: { cpus: 2, partition: 'long', time: 600 },
      limits: { queued: 50 },
    });
    expect(read).toEqual({
      slot: { gpus: 1, cpus: 8 },
      settings: { partition: 'gpu', time: '720', flags: ['--exclude=n1'] },
      kinds: new Map([
        ['train', { time: '24:00:00', mem: '32G' }],
        ['command', {}],
      ]),
      light: 'here',
      lightKinds: new Map([['command', 'job']]),
      pack: { minutes: 0 },
      driver: { cpus: 2, partition: 'long', time: '600' },
      limits: { submissionsPerMinute: 20, queued: 50, pollSeconds: 10 },
    });
  });

  it.each([
    [7, 'slurm: expected a mapping'],
    [{ queue: 'gpu' }, "slurm: unknown key 'queue'"],
    [{ partition: [] }, 'slurm.partition: expected a text'],
    [{ slot: { gpus: -1 } }, 'slurm.slot.gpus: expected a whole number from 0'],
    [{ slot: { cores: 4 } }, "slurm.slot: unknown key 'cores'"],
    [{ limits: { pollSeconds: 0 } }, 'slurm.limits.pollSeconds: expected a whole number from 1'],
    [{ pack: { minutes: -1 } }, 'slurm.pack.minutes: expected a whole number from 0'],
    [{ driver: 7 }, 'slurm.driver: expected a mapping'],
    [{ driver: { cpus: 0 } }, 'slurm.driver.cpus: expected a whole number from 1'],
    [{ driver: { gpus: 1 } }, "slurm.driver: unknown key 'gpus'"],
    [{ light: 'there' }, 'slurm.light: expected here'],
    [{ kinds: { prune: { light: 1 } } }, 'slurm.kinds.prune.light: expected here'],
    [{ kinds: { train: 5 } }, 'slurm.kinds.train: expected a mapping'],
    [{ kinds: { train: { tiem: 5 } } }, "slurm.kinds.train: unknown key 'tiem'"],
    [{ flags: '--x' }, 'slurm.flags: expected a list'],
    [{ flags: ['--array=0-5'] }, 'slurm.flags: --array=0-5 is set by sweetspot itself'],
  ])('%j is refused with its place', (value, message) => {
    expect(readSlurmConfig(value)).toContain(message);
  });
});
