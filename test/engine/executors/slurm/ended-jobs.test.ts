import { userInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { endedJobs, ownJob } from '../../../../engine/executors/slurm/ended-jobs.ts';

const own = userInfo().uid;
const job = { cluster: 'small', id: '7_1', user: own };

type State = { readonly is: string } | 'not-there' | 'no-answer';

function asking(
  state: State,
  cluster: string | undefined = 'small',
): ReturnType<typeof endedJobs> & { asked(): number } {
  let asked = 0;
  let nowMs = 0;
  const commands = {
    stateOf: () => {
      asked++;
      return Promise.resolve(state);
    },
    clusterName: () => Promise.resolve(cluster),
  };
  return Object.assign(
    endedJobs(commands, () => (nowMs += 4_000)),
    { asked: () => asked },
  );
}

describe('whether the job of a claim has ended', () => {
  it.each([
    ['RUNNING', false],
    ['COMPLETING', false],
    ['SUSPENDED', false],
    ['SOMETHING_NEW', false],
    ['PENDING', true],
    ['NODE_FAIL', true],
    ['CANCELLED', true],
  ])('%s: %s', async (is, ended) => {
    expect(await asking({ is })(job)).toBe(ended);
  });

  it('is so for a job of this user that the queue has forgotten, and unknown for one of another', async () => {
    expect(await asking('not-there')(job)).toBe(true);
    expect(await asking('not-there')({ ...job, user: own + 1 })).toBe(false);
  });

  it('is not concluded from silence, nor of another cluster', async () => {
    expect(await asking('no-answer')(job)).toBe(false);
    expect(await asking('not-there', 'large')(job)).toBe(false);
    const nowhere = endedJobs({
      stateOf: () => Promise.resolve('not-there'),
      clusterName: () => Promise.resolve(undefined),
    });
    expect(await nowhere(job)).toBe(false);
  });

  it('is asked once for a while', async () => {
    const ended = asking({ is: 'RUNNING' });
    await ended(job);
    await ended(job);
    expect(ended.asked()).toBe(1);
    await ended(job);
    await ended(job);
    expect(ended.asked()).toBe(2);
  });
});

describe('the own job', () => {
  it('is the element of an array where there is one, and none outside of jobs', () => {
    const env = { SLURM_JOB_ID: '9', SLURM_CLUSTER_NAME: 'small' };
    expect(ownJob({})).toBeUndefined();
    expect(ownJob(env)).toEqual({ cluster: 'small', id: '9', user: own });
    const element = { SLURM_ARRAY_JOB_ID: '7', SLURM_ARRAY_TASK_ID: '1' };
    expect(ownJob({ ...env, ...element })).toEqual(job);
  });
});
