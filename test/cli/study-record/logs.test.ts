import { describe, expect, it } from 'vitest';
import type { ActionResult } from '../../../cache/action-store.ts';
import { digestOf } from '../../../cache/digest.ts';
import type { Digest, TaskKey } from '../../../cache/digest.ts';
import { logTail } from '../../../cli/study-record/log-tail.ts';
import { shareLogs } from '../../../cli/study-record/share-logs.ts';
import { withoutPlaces } from '../../../cli/study-record/without-places.ts';

const machine = { home: '/home/ada', names: ['node7.cluster', 'node7', 'ada'] };

describe('the end of a log', () => {
  it('is its last twenty lines', () => {
    const lines = [...Array(50).keys()].map((line) => `line ${line}`);
    expect(logTail(`${lines.join('\n')}\n\n`, machine)).toBe(lines.slice(30).join('\n'));
  });

  it('is of whole lines where those are too long, and of one line that is, its end', () => {
    const long = logTail(`${'a'.repeat(1500)}\n${'b'.repeat(1500)}`, machine);
    expect(long).toBe('b'.repeat(1500));
    const one = logTail('c'.repeat(5000), machine) ?? '';
    expect([one.length, one.slice(0, 2)]).toEqual([2000, '…c']);
  });

  it('has no colours, and of a line that was written over what stood there at last', () => {
    expect(logTail('1 %\r50 %\r\u001b[32m100 %\u001b[0m\r\n', machine)).toBe('100 %');
  });

  it.each(['', '\n \n', '\u001b[0m'])('of %j is none', (log) => {
    expect(logTail(log, machine)).toBeUndefined();
  });
});

describe('a text without places', () => {
  it.each([
    ['read /data/voc/JPEGImages/2007_1.jpg', 'read …/2007_1.jpg'],
    ['at run (file:///opt/app/dist/run.js:3:4)', 'at run (…/run.js:3:4)'],
    ['in /home/ada', 'in ~'],
    ['-I/home/ada/include/x', '-I~/include/x'],
    ['home="/home/ada/a b"', 'home="…/a b"'],
    ['ada@node7.cluster:/scratch/ada/x', '…@…:…/x'],
    ['on node7, not node70', 'on …, not node70'],
    ['adam: 3 images/second, 1/2 done', 'adam: 3 images/second, 1/2 done'],
    ['see https://example.org/a/b and ./c/d', 'see https://example.org/a/b and ./c/d'],
  ])('turns %j into %j', (text, plain) => {
    expect(withoutPlaces(text, machine)).toBe(plain);
  });
});

describe('the room for logs on a page', () => {
  it('goes to what computed longest, and ends before it is more than 2 MB', async () => {
    const asked: string[] = [];
    const texts = new Map<Digest, string>();
    const results = [...Array(1500).keys()].map((index): ActionResult => {
      const text = `${index} ${'x'.repeat(5000)}`;
      const log = digestOf(text);
      texts.set(log, text);
      return result(log, index);
    });
    const blobs = {
      read: (log: Digest) => {
        asked.push(log);
        return Promise.resolve({ kind: 'found' as const, bytes: Buffer.from(texts.get(log) ?? '') });
      },
    };
    const tails = await shareLogs(blobs, results, machine);
    expect(tails.size).toBe(1000);
    expect([...tails.values()].reduce((sum, { length }) => sum + length, 0)).toBeLessThanOrEqual(2_000_000);
    const longest = results.slice(500).map(({ provenance }) => provenance.log!);
    expect(new Set(tails.keys())).toEqual(new Set(longest));
    expect(new Set(asked)).toEqual(new Set(longest));
  });

  it('passes over those whose bytes are gone', async () => {
    const log = digestOf('gone');
    const blobs = { read: (digest: Digest) => Promise.resolve({ kind: 'absent' as const, digest }) };
    expect((await shareLogs(blobs, [result(log, 1)], machine)).size).toBe(0);
  });
});

function result(log: Digest, durationMs: number): ActionResult {
  return {
    ...{ format: 1, key: digestOf(`key of ${log}`) as string as TaskKey, outputs: {} },
    provenance: {
      ...{ kind: 'train', startedAt: '2026-01-01T10:00:00.000Z', durationMs, deviceClass: 'cpu-t1' },
      ...{ backend: 'wasm', versions: {}, log },
    },
  };
}
