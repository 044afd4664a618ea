import { describe, expect, it } from 'vitest';
import {
  bytesField,
  encodeMessage,
  floatField,
  integerField,
} from '../../../../vision/tensors/graph/protobuf.ts';

const hex = (...parts: Parameters<typeof encodeMessage>): string =>
  Buffer.from(encodeMessage(...parts)).toString('hex');

describe('protocol buffers', () => {
  it('encode the examples of their specification', () => {
    expect(hex(integerField(1, 150))).toBe('089601');
    expect(hex(bytesField(2, 'testing'))).toBe('120774657374696e67');
    expect(hex(bytesField(3, integerField(1, 150)))).toBe('1a03089601');
  });

  it('encode numbers below zero in ten bytes, and large ones as they are', () => {
    expect(hex(integerField(1, -2))).toBe('08feffffffffffffffff01');
    expect(hex(integerField(1, 0))).toBe('0800');
    expect(hex(integerField(1, 2 ** 40))).toBe('08808080808020');
  });

  it('encode single-precision numbers from their lowest byte', () => {
    expect(hex(floatField(4, 1.5))).toBe('250000c03f');
  });

  it('encode long messages with a length of several bytes', () => {
    expect(hex(bytesField(4, new Uint8Array(300)))).toBe(`22ac02${'00'.repeat(300)}`);
  });
});
