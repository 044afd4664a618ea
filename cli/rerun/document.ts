import type { TaskId } from '../../engine/plan/plan.ts';
import type { Rerun } from '../../engine/run/rerun.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { jsonFormat } from '../json-format.ts';
import type { RerunDocument, RerunTask } from '../json-output.ts';
import type { Prepared } from '../prepare.ts';
import type { ChosenReruns } from './choose-rerun.ts';

/** What `cache verify --rerun --json` prints. */
export function rerunDocument(request: {
  readonly ready: Prepared;
  readonly chosen: ChosenReruns;
  readonly reruns: ReadonlyMap<TaskId, Rerun>;
}): RerunDocument {
  const { ready, chosen, reruns } = request;
  const tasks = [...reruns].map(([task, rerun]): RerunTask => {
    const recorded = chosen.standing.get(task);
    if (recorded === undefined) throw new Error(`${task} was run again without a result to compare with`);
    const { key, madeOn } = recorded;
    return { task, key, ...(madeOn === undefined ? {} : { recordedOn: madeOn }), ...described(rerun) };
  });
  const counted = (state: RerunTask['state']): number => tasks.filter((each) => each.state === state).length;
  return {
    format: jsonFormat,
    study: ready.plan.study,
    file: ready.plan.file,
    counts: {
      same: counted('same'),
      differs: counted('differs'),
      failed: counted('failed'),
      inputsMissing: counted('inputs-missing'),
      notRun: counted('not-run'),
      notCached: chosen.notCached,
    },
    tasks,
  };
}

function described(
  rerun: Rerun,
): Pick<RerunTask, 'state' | 'ranOn' | 'durationMs' | 'differing' | 'failure' | 'digests'> {
  switch (rerun.kind) {
    case 'compared': {
      const { differing, deviceClass: ranOn, durationMs } = rerun;
      return differing.length === 0
        ? { state: 'same', ranOn, durationMs }
        : { state: 'differs', ranOn, durationMs, differing };
    }
    case 'failed':
      return { state: 'failed', failure: rerun.failure };
    case 'inputs-missing':
      return { state: 'inputs-missing', digests: rerun.digests };
    case 'not-run':
      return { state: 'not-run' };
  }
}

/** 1 where a task came out otherwise, or did not come to a result this time; 3 where the machine was in the way of all else. */
export function rerunCode({ tasks, counts }: RerunDocument): ExitCode {
  const onMachine = tasks.filter(({ failure }) => failure?.class === 'machine').length;
  if (counts.differs + counts.failed > onMachine) return exitCode.taskFailed;
  return onMachine > 0 ? exitCode.machine : exitCode.done;
}
