import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openLine, sealLine } from '../../../engine/run/sealed-line.ts';

describe('a line of a journal', () => {
  it('is JSON, with a checksum last, and gives back what was sealed', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), (value) => {
        const plain = JSON.parse(JSON.stringify(value)) as object;
        const line = sealLine(plain);
        expect(Object.keys(JSON.parse(line) as object)).toContain('crc');
        expect(openLine(line)).toEqual(plain);
      }),
    );
  });

  it('does not open, or says what it said, whichever bit has changed', () => {
    const event = { kind: 'task-done', task: 'é', outputs: { out: '0123abcd' }, durationMs: 12 };
    const bytes = Buffer.from(sealLine(event));
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const damaged = Buffer.from(bytes);
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      const opened = openLine(damaged.toString('utf8'));
      // Where it is the word `crc` that has changed, nothing else has.
      if (opened !== undefined) expect(opened).toMatchObject(event);
    }
    for (let length = 0; length < bytes.length; length++)
      expect(openLine(bytes.toString('utf8', 0, length))).toBeUndefined();
  });

  it('opens without a checksum, as lines of before have none', () => {
    expect(openLine('{"kind":"run-finished"}')).toEqual({ kind: 'run-finished' });
    expect(openLine('[1')).toBeUndefined();
    expect(openLine('1')).toBeUndefined();
  });
});
