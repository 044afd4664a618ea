import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { digestOf } from '../../../cache/digest.ts';
import type { Digest } from '../../../cache/digest.ts';
import { keyAction } from '../../../engine/keys/action.ts';
import type { ActionInput } from '../../../engine/keys/action.ts';
import { taskId } from '../../../engine/plan/plan.ts';
import type { BatchPart } from '../../../engine/worker/batch-spec.ts';
import { standIn } from '../../../engine/worker/draft-job.ts';
import { dueParts, jobOfPart } from '../../../engine/worker/due-parts.ts';
import { PartEvents } from '../../../engine/worker/part-events.ts';
import type { FromWorker, Job, JobInput } from '../../../engine/worker/protocol.ts';

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'sweetspot-parts-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const data = digestOf('data');
const task = taskId('t');

function jobReading(one: Digest, gathered: readonly Digest[]): Job {
  const item = (digest: Digest): JobInput & { kind: 'artifact' } => ({
    ...{ kind: 'artifact', item: { digest, facts: { sparsity: 0.5 }, coordinates: { seed: 1 } } },
  });
  const inputs: { readonly [input: string]: ActionInput } = {
    one: { artifact: one },
    all: {
      gathered: gathered.map((artifact) => ({
        artifact,
        facts: { sparsity: 0.5 },
        coordinates: { seed: 1 },
      })),
    },
    images: { data },
  };
  const action = { format: 1, kind: 'k', version: 2, options: { epochs: 3 }, inputs } as const;
  const { key, text } = keyAction(action);
  return {
    ...{ task, kind: 'k', key, action: text, options: { epochs: 3 }, promised: {}, traits: {}, limits: {} },
    ...{ studyDir: '/s', smoke: false, logFile: '/l', again: false },
    inputs: {
      one: item(one),
      all: { kind: 'gathered', items: gathered.map((digest) => item(digest).item) },
      images: {
        ...{
          kind: 'data',
          adapter: 'voc',
          options: {},
          root: '/d',
          part: undefined,
          digest: data,
          facts: {},
        },
        filesAt: undefined,
      },
    },
  };
}

function part(index: number, job: Job, after?: readonly number[]): BatchPart {
  return { job, eventsFile: join(dir, String(index)), ...(after === undefined ? {} : { after }) };
}

function tell({ eventsFile }: BatchPart, message: FromWorker): void {
  using events = new PartEvents(eventsFile);
  events.end(message);
}

const there = digestOf('there');
const doneWith = (outputs: { readonly [output: string]: Digest }): FromWorker => ({
  ...{ kind: 'done', task, outputs, durationMs: 1 },
});
const failedAs = (failure: 'task' | 'stopped'): FromWorker => ({
  ...{ kind: 'failed', task, failure: { class: failure, message: '' } },
});

it('a draft becomes the very job, key and all, that would be made once what it reads is there', () => {
  const first = part(0, jobReading(there, []));
  const second = part(1, jobReading(there, [there]));
  const draft = jobReading(standIn(0, 'model'), [there, standIn(1, 'scores'), standIn(0, 'model')]);
  const parts = [first, second, part(2, draft, [0, 1])];
  expect(jobOfPart(parts, parts[2]!)).toBeUndefined();
  tell(first, doneWith({ model: digestOf('m'), other: digestOf('o') }));
  expect(jobOfPart(parts, parts[2]!)).toBeUndefined();
  tell(second, { kind: 'found', task, outputs: { scores: digestOf('s') } });
  expect(jobOfPart(parts, parts[2]!)).toEqual(
    jobReading(digestOf('m'), [there, digestOf('s'), digestOf('m')]),
  );
  expect(jobOfPart(parts, first)).toBe(first.job);
});

it('a draft whose parts made something else is none', () => {
  const first = part(0, jobReading(there, []));
  const parts = [first, part(1, jobReading(standIn(0, 'model'), []), [0])];
  tell(first, doneWith({ scores: there }));
  expect(jobOfPart(parts, parts[1]!)).toBeUndefined();
});

it('parts are due that have not ended, and do not come after one that has ended without a result', () => {
  const job = jobReading(there, []);
  const after = (index: number, ...producers: readonly number[]): BatchPart =>
    part(index, jobReading(standIn(producers[0]!, 'out'), []), producers);
  const parts = [part(0, job), after(1, 0), after(2, 1), part(3, job), after(4, 3), after(5, 0, 3)];
  const due = (): readonly number[] => dueParts(parts).map((each) => parts.indexOf(each));
  expect(due()).toEqual([0, 1, 2, 3, 4, 5]);
  tell(parts[0]!, failedAs('stopped'));
  expect(due()).toEqual([0, 1, 2, 3, 4, 5]);
  tell(parts[3]!, doneWith({ out: there }));
  expect(due()).toEqual([0, 1, 2, 4, 5]);
  tell(parts[0]!, failedAs('task'));
  expect(due()).toEqual([4]);
});
