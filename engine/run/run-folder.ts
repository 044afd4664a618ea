import { basename, join } from 'node:path';
import { digestOf } from '../../cache/digest.ts';
import type { TaskId } from '../plan/plan.ts';

/** Where a run keeps what. `runs/RUN/` is written by the run's driver alone, its `logs/` by the workers as well. */
export interface RunFolder {
  readonly dir: string;
  /** Who drives, since when. */
  readonly runFile: string;
  /** The plan as frozen at the start. */
  readonly planFile: string;
  /** The study's files as they were. */
  readonly studyDir: string;
  /** One event a line, appended. */
  readonly eventsFile: string;
  readonly driverLog: string;
  /** What a driver that works in a job of a cluster writes. */
  readonly driverOutput: string;
  readonly logsDir: string;
  /** Lists of data files, for the workers. */
  readonly dataDir: string;
}

export function runFolder(runsDir: string, run: string): RunFolder {
  const dir = join(runsDir, run);
  return {
    dir,
    runFile: join(dir, 'run.json'),
    planFile: join(dir, 'plan.json'),
    studyDir: join(dir, 'study'),
    eventsFile: join(dir, 'events.jsonl'),
    driverLog: join(dir, 'driver.log'),
    driverOutput: join(dir, 'driver.out'),
    logsDir: join(dir, 'logs'),
    dataDir: join(dir, 'data'),
  };
}

/** The copy of a file of the study: which of them it is, and where it lay. */
export function sourceFile(
  { studyDir }: RunFolder,
  { index, file }: { readonly index: number; readonly file: string },
): string {
  return join(studyDir, `${index}-${basename(file)}`);
}

/** What a worker of the run and what it ran wrote, one task after the other. */
export function workerLogName(worker: string): string {
  return `${worker}.log`;
}

/** What a task of the run wrote in an attempt that came to an end; absent where that was nothing. */
export function taskLogFile(folder: RunFolder, task: TaskId, attempt = 1): string {
  // Readable, short enough for any file system, and still no two alike.
  const readable = task.replace(/[^A-Za-z0-9=.,_-]+/g, '_').slice(0, 100);
  const again = attempt > 1 ? `.${attempt}` : '';
  return join(folder.logsDir, `task-${readable}-${digestOf(task).slice(0, 8)}${again}.log`);
}
