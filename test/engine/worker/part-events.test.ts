import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { taskId } from '../../../engine/plan/plan.ts';
import { PartEvents, stageOfPart } from '../../../engine/worker/part-events.ts';
import type { FromWorker } from '../../../engine/worker/protocol.ts';

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'sweetspot-parts-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const task = taskId('a');
const failedAs = (failure: 'stopped' | 'task'): FromWorker => ({
  ...{ kind: 'failed', task },
  failure: { class: failure, message: '' },
});

function stageAfter(...messages: readonly FromWorker[]): string {
  const path = join(dir, `${messages.length}-${Math.max(0, ...messages.map(({ kind }) => kind.length))}`);
  using events = new PartEvents(path);
  for (const message of messages) events.append(message);
  return stageOfPart(path);
}

it('a part is ended by its result or its failure, and open again where it was only told to stop', () => {
  const started: FromWorker = { kind: 'started', task, resumed: false, outputFrom: 0 };
  expect(stageOfPart(join(dir, 'nothing'))).toBe('open');
  expect(stageAfter(started)).toBe('begun');
  expect(stageAfter(started, failedAs('stopped'))).toBe('open');
  expect(stageAfter(started, failedAs('stopped'), started)).toBe('begun');
  expect(stageAfter(started, started, started, failedAs('task'))).toBe('ended');
  expect(stageAfter(started, started, started, started, { kind: 'held', task, owner: '' })).toBe('ended');
});

it('a line that a killed worker left half written spoils none of its successor', () => {
  const path = join(dir, 'torn');
  appendFileSync(path, '{"kind":"sta');
  using events = new PartEvents(path);
  events.append({ kind: 'held', task, owner: 'x' });
  expect(stageOfPart(path)).toBe('ended');
});
