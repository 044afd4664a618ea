import { userInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { jobStages, ownJob } from '../../../../engine/executors/slurm/job-stages.ts';

const own = userInfo().uid;
const job = { cluster: 'small', id: '7_1', user: own };

type State = { readonly is: string } | 'not-there' | 'no-answer';

function asking(
  state: State,
  cluster: string | undefined = 'small',
): ReturnType<typeof jobStages> & { asked(): number } {
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
    jobStages(commands, () => (nowMs += 4_000)),
    { asked: () => asked },
  );
}

describe('how far a job is', () => {
  it.each([
    ['RUNNING', 'running'],
    ['COMPLETING', 'running'],
    ['SOMETHING_NEW', 'running'],
    ['PENDING', 'waiting'],
    ['NODE_FAIL', 'ended'],
    ['CANCELLED', 'ended'],
  ])('%s: %s', async (is, stage) => {
    expect(await asking({ is })(job)).toBe(stage);
  });

  it('is its end where the queue has forgotten a job of this user, and unknown of those of others', async () => {
    expect(await asking('not-there')(job)).toBe('ended');
    expect(await asking('not-there')({ ...job, user: own + 1 })).toBeUndefined();
  });

  it('is not concluded from silence, nor of another cluster', async () => {
    expect(await asking('no-answer')(job)).toBeUndefined();
    expect(await asking('not-there', 'large')(job)).toBeUndefined();
    const nowhere = jobStages({
      stateOf: () => Promise.resolve('not-there'),
      clusterName: () => Promise.resolve(undefined),
    });
    expect(await nowhere(job)).toBeUndefined();
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
