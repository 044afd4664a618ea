import { describe, expect, it } from 'vitest';
import {
  parseAccounts,
  parseArraySize,
  parseQueue,
  parseSubmitted,
} from '../../../../engine/executors/slurm/queue-listing.ts';
import { stageOf } from '../../../../engine/executors/slurm/job-states.ts';
import { accountsInJson, queueInJson, recorded, recordedVersions } from './recorded.ts';

describe.each(recordedVersions)('what Slurm %s printed', (version) => {
  const rows = parseQueue(recorded(version, 'squeue.txt'));

  it('of the queue says in text what it says in JSON', () => {
    const inText = rows.map(({ id, state, comment }) => ({ id, state, comment }));
    const inJson = queueInJson(recorded(version, 'squeue.json'));
    expect(inText).toHaveLength(28);
    expect(inText.toSorted(byId)).toEqual(inJson.toSorted(byId));
  });

  it('names how far each job is, and how it ended', () => {
    const states = new Map<string, Set<string>>();
    for (const { state } of rows) {
      const stage = stageOf(state);
      states.set(stage, (states.get(stage) ?? new Set()).add(state));
    }
    expect(states.get('waiting')).toEqual(new Set(['PENDING']));
    expect(states.get('running')).toEqual(new Set(['RUNNING', 'SUSPENDED']));
    expect(states.get('ended')).toEqual(
      new Set(['COMPLETED', 'FAILED', 'CANCELLED', 'TIMEOUT', 'NODE_FAIL', 'PREEMPTED']),
    );
  });

  it('names as held, in its reason, what waits for a hand: held, requeued, or not to be launched', () => {
    const held = rows.filter(({ reason }) => /held/i.test(reason)).map(({ comment }) => comment);
    expect(new Set(held)).toEqual(new Set(['sweetspot-run/6', 'sweetspot-run/9', 'sweetspot-run/10']));
  });

  it('answers a submission with its number, and tells how large arrays may be', () => {
    expect(parseSubmitted(recorded(version, 'sbatch.txt'))).toBe('1');
    expect(parseArraySize(recorded(version, 'config.txt'))).toBe(1001);
  });
});

describe('accounts', () => {
  it.each(['22.05', '23.11'] as const)('of Slurm %s say in text what they say in JSON', (version) => {
    const states = parseAccounts(recorded(version, 'sacct.txt'));
    expect(states.size).toBeGreaterThan(12);
    expect(states).toEqual(accountsInJson(recorded(version, 'sacct.json')));
  });
});

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1;
}
