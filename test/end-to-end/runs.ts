import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunEvent } from '../../engine/run/events.ts';
import { repositoryRoot } from '../support/shared.ts';

/** Copies the small study of these tests to `dir`. */
export async function placeMiniStudy(dir: string): Promise<string> {
  const file = join(dir, 'mini.yaml');
  await copyFile(join(repositoryRoot, 'test/end-to-end/studies/mini.yaml'), file);
  return file;
}

export function eventsOf(stdout: string): readonly RunEvent[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as RunEvent);
}

/** Task -> digests of its outputs, whether made in this run or found. */
export function outputsOf(stdout: string): ReadonlyMap<string, object> {
  const outputs = new Map<string, object>();
  for (const event of eventsOf(stdout)) {
    if (event.kind === 'task-done' || event.kind === 'task-cached') outputs.set(event.task, event.outputs);
  }
  return outputs;
}

export function tasksWith(stdout: string, kind: RunEvent['kind']): readonly string[] {
  return eventsOf(stdout).flatMap((event) => (event.kind === kind && 'task' in event ? [event.task] : []));
}

/** Whether a line of `--json` output says that `task` has come `done` units far. */
export function hasProgressed(line: string, task: string, done: number): boolean {
  if (!line.startsWith('{"kind":"task-progress"')) return false;
  const event = JSON.parse(line) as RunEvent;
  return event.kind === 'task-progress' && event.task === task && event.progress.done >= done;
}
