import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { StopReason } from '../contract/task-context.ts';
import type { TaskFailure } from '../run/events.ts';
import { compareMade } from './compare-made.ts';
import { endProgramsIn } from './end-programs.ts';
import { machineFailure, orFullDisk, stoppedFailure } from './failures.ts';
import { JobGuard } from './job-guard.ts';
import { fetchInputs } from './job-inputs.ts';
import type { FetchedInputs } from './job-inputs.ts';
import type { DifferingOutput, Job } from './protocol.ts';
import { rehearseJob } from './rehearse-job.ts';
import type { Rehearsal } from './rehearse-job.ts';
import { withLastWords } from './run-job.ts';
import type { Ending, Workplace } from './run-job.ts';
import { newWorkFolder } from './work-folders.ts';

/** Fetch, run, check, compare with the result that stands: no claim, no snapshot, nothing stored. */
export async function compareJob(workplace: Workplace, job: Job, stop: AbortController): Promise<Ending> {
  const { store } = workplace;
  const { signal } = stop;
  const failed = (failure: TaskFailure): Ending => ({ kind: 'failed', task: job.task, failure });
  if (signal.aborted) return failed(stoppedFailure(signal.reason as StopReason));
  const dir = newWorkFolder(store.root);
  try {
    const inputs = await fetchInputs(job, store, join(dir, 'inputs'));
    if (inputs.kind === 'store-failure') return failed(machineFailure(inputs));
    if (inputs.kind === 'inputs-missing') return { ...inputs, task: job.task };
    const { rehearsal, log } = await rehearse(workplace, job, { inputs, dir, stop });
    if (rehearsal.kind === 'failed') {
      await endProgramsIn([`${dir}/`]);
      return failed(withLastWords(await orFullDisk(rehearsal.failure, dir), log));
    }
    return {
      kind: 'compared',
      task: job.task,
      differing: await differingOutputs(workplace, job, rehearsal),
      deviceClass: workplace.device.deviceClass,
      durationMs: rehearsal.durationMs,
    };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function rehearse(
  { registry, store, device, output, send }: Workplace,
  job: Job,
  at: { readonly inputs: FetchedInputs; readonly dir: string; readonly stop: AbortController },
): Promise<{ readonly rehearsal: Rehearsal; readonly log: string }> {
  const { inputs, dir, stop } = at;
  await mkdir(dir, { recursive: true });
  output.begin();
  send({ kind: 'started', task: job.task, resumed: false, outputFrom: output.from });
  using memory = new JobGuard({
    dir,
    limits: job.limits,
    outputFile: output.path,
    onSign: () => send({ kind: 'sign', task: job.task }),
    stop: (reason) => stop.abort(reason),
  });
  const { signal } = stop;
  const rehearsal = await rehearseJob({ registry, store, job, inputs, dir, device, signal, send, memory });
  return { rehearsal, log: await output.end() };
}

async function differingOutputs(
  { store }: Workplace,
  job: Job,
  { outputs }: Rehearsal & { readonly kind: 'made' },
): Promise<readonly DifferingOutput[]> {
  const differing: DifferingOutput[] = [];
  for (const [output, made] of outputs) {
    const compared = await compareMade(store, made, job.compareWith?.[output]);
    if (compared.kind !== 'differs') continue;
    const [firstFile] = compared.files ?? [];
    const { recorded } = compared;
    const file = firstFile === undefined ? {} : { firstFile };
    differing.push({ output, recorded, made: made.digest, ...file });
  }
  return differing;
}
