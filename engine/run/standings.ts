import type { TaskKey } from '../../cache/digest.ts';
import type { Store } from '../../cache/store.ts';
import type { Plan, TaskId } from '../plan/plan.ts';
import { taskId } from '../plan/plan.ts';
import type { AssessmentProblem, PlanAssessment } from './assess-plan.ts';
import type { EarlierRuns, TaskInRun } from './earlier-runs.ts';
import type { Standing } from './task-why.ts';
import { artifactsRead } from './until-used.ts';

/** How tasks stand: what the store and the plan tell of each, and what the runs before said of it. */
export class Standings {
  readonly #request: { readonly plan: Plan; readonly store: Store };
  readonly #assessment: PlanAssessment;
  readonly #runs: EarlierRuns;
  readonly #problems: ReadonlyMap<TaskId, AssessmentProblem>;
  readonly #standings = new Map<TaskId, Promise<Standing>>();

  constructor(
    request: { readonly plan: Plan; readonly store: Store },
    parts: { readonly assessment: PlanAssessment; readonly runs: EarlierRuns },
  ) {
    this.#request = request;
    this.#assessment = parts.assessment;
    this.#runs = parts.runs;
    this.#problems = new Map(parts.assessment.problems.map((problem) => [problem.task, problem]));
  }

  of(id: TaskId): Promise<Standing> {
    let standing = this.#standings.get(id);
    if (standing === undefined) this.#standings.set(id, (standing = this.#findStanding(id)));
    return standing;
  }

  async #findStanding(id: TaskId): Promise<Standing> {
    const { store } = this.#request;
    const problem = this.#problems.get(id);
    if (problem !== undefined) {
      const { message, hint } = problem;
      return { state: 'unusable', message, ...(hint === undefined ? {} : { hint }) };
    }
    const assessed = this.#assessment.tasks.get(id);
    if (assessed === undefined) throw new Error(`${id} was not assessed`);
    const { key, outputs, state, reason } = assessed;
    if (state === 'cached' && key !== undefined) return this.#cached(id, key);
    if (outputs !== undefined) return { state: 'run', reason: { kind: 'bytes-gone', detail: reason } };
    const latest = await this.#runs.latest(id);
    if (key === undefined) return this.#waiting(id, latest);
    if (latest?.task.key !== key) {
      const isNew = latest === undefined;
      return { state: 'run', reason: isNew ? { kind: 'new', runs: this.#runs.count } : { kind: 'changed' } };
    }
    const { run, task } = latest;
    const name = run.record.run;
    switch (task.state) {
      case 'failed':
        if (task.failure === undefined) break;
        return { state: 'failed', run: name, attempt: task.attempt, failure: task.failure };
      case 'cached':
      case 'done':
        return { state: 'run', reason: { kind: 'result-gone', run: name } };
      case 'blocked':
      case 'running':
      case 'waiting':
      case 'pending':
    }
    if (run.record.live) return { state: 'running', run: name, slot: task.slot };
    const snapshot = (await store.snapshots.newest(key)) !== undefined;
    const end = run.record.outcome ?? 'killed';
    return { state: 'run', reason: { kind: 'unfinished', run: name, end, snapshot } };
  }

  async #cached(id: TaskId, key: TaskKey): Promise<Standing> {
    const { actions } = this.#request.store;
    const peeked = actions.peek(key);
    const found = peeked === undefined ? await actions.get(key) : undefined;
    const result = found?.kind === 'found' ? found.result : peeked;
    // It stood a moment ago.
    if (result === undefined) return { state: 'run', reason: { kind: 'changed' } };
    const latest = await this.#runs.latest(id);
    const isLatest = latest?.task.key === key && latest.task.state === 'done';
    const madeIn = result.provenance.run ?? (isLatest ? latest.run.record.run : undefined);
    const origin = this.#request.store.originOf?.(key);
    const from =
      origin === undefined ? {} : origin.kind === 'remote' ? { from: origin.name } : { archive: origin.name };
    return { state: 'cached', result, madeIn, ...from };
  }

  /** Of a task whose key is not known, because a task before it has no result. */
  async #waiting(id: TaskId, latest: TaskInRun | undefined): Promise<Standing> {
    const { plan } = this.#request;
    if (latest?.task.state === 'blocked') {
      const by = taskId(latest.task.blockedBy ?? '');
      const blocker = plan.tasks.has(by) && this.#assessment.tasks.has(by) ? await this.of(by) : undefined;
      if (blocker?.state === 'failed')
        return { state: 'blocked', run: latest.run.record.run, by, failure: blocker.failure };
    }
    if (latest === undefined) return { state: 'run', reason: { kind: 'new', runs: this.#runs.count } };
    const follows = this.#openProducer(id);
    if (follows === undefined) throw new Error(`${id} has no key, and waits for nothing`);
    return { state: 'if-changed', follows };
  }

  #openProducer(id: TaskId): TaskId | undefined {
    return artifactsRead(this.#request.plan.tasks.get(id)!).find(
      ({ from, output }) => this.#assessment.tasks.get(from)?.outputs?.[output] === undefined,
    )?.from;
  }
}
