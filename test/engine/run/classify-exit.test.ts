import { expect, it } from 'vitest';
import { classifyExit } from '../../../engine/run/classify-exit.ts';
import { withoutChatter } from '../../../engine/worker/task-output.ts';
import { parseFromWorker, parseToWorker } from '../../../engine/worker/parse-message.ts';

const exit = { exitCode: null, signal: null, lastWords: '', kernelRanOutOfMemory: false };

it.each([
  ['lost', { ...exit, signal: 'SIGKILL' }],
  ['lost', { ...exit, exitCode: 0 }],
  ['lost', { ...exit, signal: 'SIGSEGV' }],
  ['lost', { ...exit, signal: 'SIGABRT', lastWords: 'check failed' }],
  ['out-of-memory', { ...exit, signal: 'SIGKILL', kernelRanOutOfMemory: true }],
  ['out-of-memory', { ...exit, exitCode: 137, kernelRanOutOfMemory: true }],
  ['out-of-memory', { ...exit, signal: 'SIGABRT', lastWords: 'JavaScript heap out of memory' }],
  ['out-of-memory', { ...exit, exitCode: 134, lastWords: 'JavaScript heap out of memory' }],
])('calls it %s: %j', (expected, how) => {
  const failure = classifyExit(how, 3_000_000_000);
  expect(failure.class).toBe(expected);
  if (failure.class === 'out-of-memory') expect(failure).toMatchObject({ peakBytes: 3_000_000_000 });
});

it('reads messages, and nothing else', () => {
  expect(parseFromWorker({ kind: 'saved', task: 'a' })).toEqual({ kind: 'saved', task: 'a' });
  for (const other of [
    undefined,
    'saved',
    { kind: 'saved' },
    { kind: 'toString' },
    { kind: 'done', task: 'a', outputs: [] },
  ]) {
    expect(parseFromWorker(other)).toBeUndefined();
  }
  expect(parseToWorker({ kind: 'leave' })).toEqual({ kind: 'leave' });
  expect(parseToWorker({ kind: 'run', job: 'x' })).toBeUndefined();
});

it('leaves out what TensorFlow always says', () => {
  const log = 'I tensorflow/core/util/port.cc:153] oneDNN custom operations are on. You may\nepoch 1\n';
  expect(withoutChatter(log)).toBe('epoch 1\n');
});
