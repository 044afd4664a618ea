import type { Store } from '../../cache/store.ts';
import type { JsonObject } from '../../cache/json.ts';
import type { Facts } from '../contract/scalar.ts';
import { TaskError } from '../contract/task-context.ts';
import type { DeviceInfo, TaskContext, TaskLog, TaskSnapshots } from '../contract/task-context.ts';
import type { FetchedInputs } from './job-inputs.ts';
import type { FromWorker, Job } from './protocol.ts';

export interface ContextRequest {
  readonly job: Job;
  readonly inputs: FetchedInputs;
  readonly store: Store;
  /** Folder of the newest snapshot that an earlier attempt left. */
  readonly newestSnapshot: string | undefined;
  /** Output -> its folder, there and empty. */
  readonly outputDirs: ReadonlyMap<string, string>;
  /** A folder, there and empty. */
  readonly scratchDir: string;
  readonly device: DeviceInfo;
  readonly signal: AbortSignal;
  readonly send: (message: FromWorker) => void;
}

export interface OpenedContext {
  readonly context: TaskContext;
  readonly statedFacts: ReadonlyMap<string, Facts>;
}

/** What a task's code is given. */
export function openContext(request: ContextRequest): OpenedContext {
  const { job, inputs, outputDirs, scratchDir, device, signal, send } = request;
  const statedFacts = new Map<string, Facts>();

  const context: TaskContext = {
    options: job.options,
    identity: (JSON.parse(job.action) as { readonly identity?: JsonObject }).identity ?? {},
    artifact: (name) => required(inputs.single.get(name), 'artifact', name, job),
    optionalArtifact: (name) => inputs.single.get(name),
    artifacts: (name) => inputs.gathered.get(name) ?? [],
    absent: (name) => job.absent?.[name] ?? [],
    inputNames: (name) =>
      [...inputs.single.keys(), ...inputs.data.keys()]
        .filter((each) => each.startsWith(`${name}.`))
        .map((each) => each.slice(name.length + 1)),
    data: (name) => required(inputs.data.get(name), 'data', name, job),
    optionalData: (name) => inputs.data.get(name),
    output: (name) => required(outputDirs.get(name), 'output', name, job),
    studyDir: job.studyDir,
    scratchDir,
    stateFacts: (output, facts) => {
      statedFacts.set(output, { ...statedFacts.get(output), ...facts });
    },
    snapshots: taskSnapshots(request),
    progress: (progress) => send({ kind: 'progress', task: job.task, progress }),
    log: taskLog((message) => send({ kind: 'warning', task: job.task, message })),
    signal,
    device,
    smoke: job.smoke,
  };
  return { context, statedFacts };
}

function required<T>(value: T | undefined, what: string, name: string, job: Job): T {
  if (value !== undefined) return value;
  throw new Error(
    `kind '${job.kind}' asks for the ${what} '${name}', which its contract or this task does not have`,
  );
}

function taskSnapshots({ job, store, newestSnapshot, send }: ContextRequest): TaskSnapshots {
  let newest = newestSnapshot;
  return {
    newest: () => Promise.resolve(newest),
    save: async (write) => {
      const saved = await store.snapshots.save(job.key, write);
      if (saved.kind === 'store-failure') throw new TaskError('machine', `${saved.path}: ${saved.detail}`);
      newest = (await store.snapshots.newest(job.key))?.dir;
      send({ kind: 'saved', task: job.task });
    },
  };
}

/** Lines go to the process's own output, where the task's share of it is cut out at its end. */
function taskLog(onWarning: (message: string) => void): TaskLog {
  const write = (level: string, message: string, fields: JsonObject | undefined): void => {
    const extra = fields === undefined ? '' : ` ${JSON.stringify(fields)}`;
    process.stdout.write(`${level} ${message}${extra}\n`);
  };
  return {
    info: (message, fields) => write('info', message, fields),
    warn: (message, fields) => {
      write('warn', message, fields);
      onWarning(message);
    },
  };
}
