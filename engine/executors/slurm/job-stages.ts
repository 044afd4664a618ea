import { userInfo } from 'node:os';
import type { ClusterJobName } from '../../../cache/process-identity.ts';
import { stageOf } from './job-states.ts';
import type { Stage } from './job-states.ts';
import { slurmCommands } from './slurm-commands.ts';
import type { SlurmCommands } from './slurm-commands.ts';

/** The same job is not asked for again within this time. */
const rememberedMs = 10_000;

/** The job that this process works in, as Slurm has told it; undefined outside of jobs. */
export function ownJob(env: Readonly<Record<string, string | undefined>>): ClusterJobName | undefined {
  const { SLURM_JOB_ID, SLURM_ARRAY_JOB_ID, SLURM_ARRAY_TASK_ID, SLURM_CLUSTER_NAME = '' } = env;
  if (SLURM_JOB_ID === undefined || SLURM_JOB_ID === '') return undefined;
  const isElement = SLURM_ARRAY_JOB_ID !== undefined && SLURM_ARRAY_TASK_ID !== undefined;
  const id = isElement ? `${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}` : SLURM_JOB_ID;
  return { cluster: SLURM_CLUSTER_NAME, id, user: userInfo().uid };
}

/**
 * How far a job is. What the queue does not know any more has ended, if it is a job of this user: those of others it may hide.
 * Undefined where nobody answers, or the job is another cluster's: nothing is concluded from that.
 */
export function jobStages(
  commands: Pick<SlurmCommands, 'stateOf' | 'clusterName'> = slurmCommands(),
  nowMs: () => number = () => performance.now(),
): (job: ClusterJobName) => Promise<Stage | undefined> {
  const asked = new Map<string, { readonly atMs: number; readonly stage: Promise<Stage | undefined> }>();
  let cluster: Promise<string | undefined> | undefined;
  const ask = async (job: ClusterJobName): Promise<Stage | undefined> => {
    cluster ??= commands.clusterName();
    if ((await cluster) !== job.cluster) return undefined;
    const state = await commands.stateOf(job.id);
    if (state === 'no-answer') return undefined;
    if (state === 'not-there') return job.user === userInfo().uid ? 'ended' : undefined;
    return stageOf(state.is);
  };
  return (job) => {
    const name = `${job.cluster} ${job.id}`;
    const known = asked.get(name);
    if (known !== undefined && nowMs() - known.atMs < rememberedMs) return known.stage;
    const stage = ask(job);
    asked.set(name, { atMs: nowMs(), stage });
    return stage;
  };
}

let asked: ReturnType<typeof jobStages> | undefined;

/** The same of the cluster that this host belongs to, if it does. */
export function jobStage(job: ClusterJobName): Promise<Stage | undefined> {
  return (asked ??= jobStages())(job);
}

/** Whether a job has ended, or is back in the queue, so that no process of it lives. */
export async function jobHasEnded(job: ClusterJobName): Promise<boolean> {
  const stage = await jobStage(job);
  return stage === 'ended' || stage === 'waiting';
}
