import { describe, expect, it } from 'vitest';
import {
  parseAccounts,
  parseArraySize,
  parseQueue,
  parseSubmitted,
} from '../../../../engine/executors/slurm/queue-listing.ts';

describe('what the programs of Slurm print', () => {
  it('is read row by row, and other lines are passed over', () => {
    const text = [
      'squeue: warning: a plug-in says something',
      '12_3|PENDING|Resources|sweetspot-r/1',
      '  12_4|RUNNING|None|sweetspot-r/1 ',
      '13|CANCELLED|None|(null)',
      '14_[0-9]|PENDING|Priority|x',
      '15_0|NODE_FAIL|NodeDown|a|b',
      '',
    ].join('\n');
    expect(parseQueue(text)).toEqual([
      { id: '12_3', state: 'PENDING', reason: 'Resources', comment: 'sweetspot-r/1' },
      { id: '12_4', state: 'RUNNING', reason: 'None', comment: 'sweetspot-r/1' },
      { id: '13', state: 'CANCELLED', reason: 'None', comment: '(null)' },
      { id: '15_0', state: 'NODE_FAIL', reason: 'NodeDown', comment: 'a|b' },
    ]);
  });

  it('names who cancelled a job only in accounts', () => {
    const states = parseAccounts('12_0|CANCELLED by 1000\n12_1|COMPLETED\n12_1.batch|COMPLETED\n');
    expect(states).toEqual(
      new Map([
        ['12_0', 'CANCELLED'],
        ['12_1', 'COMPLETED'],
      ]),
    );
  });

  it('gives the number of a job with and without a cluster', () => {
    expect(parseSubmitted('123\n')).toBe('123');
    expect(parseSubmitted('123;tiger\n')).toBe('123');
    expect(parseSubmitted('sbatch: error: no\n')).toBeUndefined();
    expect(parseSubmitted('')).toBeUndefined();
  });

  it('gives the size of arrays', () => {
    expect(parseArraySize('MaxArrayTasks = 1\nMaxArraySize            = 1001\n')).toBe(1001);
    expect(parseArraySize('MaxJobCount = 5')).toBeUndefined();
  });
});
