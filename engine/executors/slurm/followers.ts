import type { RunnerParts } from '../../run/attempt-runner.ts';
import type { PlannedTask, TaskId } from '../../plan/plan.ts';
import type { Job } from '../../worker/protocol.ts';
import { demandOf, fitsInto } from './demand.ts';
import type { Demand } from './demand.ts';
import type { SlurmConfig } from './config.ts';
import type { Pending } from './pending.ts';

/** A task that a job goes on with, once it has made what the task reads. */
export interface Follower {
  readonly task: PlannedTask;
  /** With stand-ins for what the parts before it make. */
  readonly draft: Job;
  /** The parts of the job that it comes after, from 0. */
  readonly after: readonly number[];
  /** It takes nothing of the job's device. */
  readonly isLight: boolean;
}

/**
 * The tasks that a job can go on with, in the order in which it does: those that need nothing but what the job makes, fit into it,
 * and are known to be so short that all of them together take no longer than a job of their own would wait.
 */
export async function followersOf(
  items: readonly Pending[],
  request: {
    readonly config: SlurmConfig;
    readonly run: Pick<RunnerParts, 'times' | 'drafts'>;
    readonly demand: Demand;
    /** Of work, at most. */
    readonly budgetMs: number;
    /** At most so many parts to a job. */
    readonly most: number;
    /** Whether it computes elsewhere than in a job. */
    readonly isHere: (task: PlannedTask) => boolean;
  },
): Promise<readonly Follower[]> {
  const { config, run, demand, most, isHere } = request;
  if (items.some(({ job, tried }) => tried.alone || job.again)) return [];
  const parts = new Map<TaskId, number>(items.map(({ task }, part) => [task.id, part]));
  const followers: Follower[] = [];
  const left = new Set<TaskId>();
  let budgetMs = request.budgetMs;
  const isShort = (task: PlannedTask): boolean => (run.times.of(task)?.usualMs ?? Infinity) <= budgetMs;
  const fits = (task: PlannedTask): boolean =>
    !left.has(task.id) && !isHere(task) && isShort(task) && fitsInto(demandOf(task, config), demand);
  while (parts.size < most) {
    const [task] = run.drafts.after(new Set(parts.keys()), fits);
    if (task === undefined) break;
    const draft = await run.drafts.draft(task, parts);
    if (draft === undefined) {
      left.add(task.id);
      continue;
    }
    const isLight = demandOf(task, config).device === 'none' && demand.device !== 'none';
    followers.push({ task, draft, after: run.drafts.producersAmong(task, parts), isLight });
    parts.set(task.id, parts.size);
    budgetMs -= run.times.of(task)?.usualMs ?? 0;
  }
  return followers;
}
