/** Opcodes of Python's pickle, protocol 2, of what is written here. Each call gives the bytes of one value. */
export const pickled = {
  start: (): Buffer => Buffer.from([0x80, 2]),
  stop: (): Buffer => Buffer.from('.'),
  false: (): Buffer => Buffer.from([0x89]),
  emptyTuple: (): Buffer => Buffer.from(')'),

  text: (value: string): Buffer => {
    const bytes = Buffer.from(value);
    const head = Buffer.alloc(5);
    head.write('X', 'latin1');
    head.writeUInt32LE(bytes.length, 1);
    return Buffer.concat([head, bytes]);
  },

  /** A whole number from 0, as short as its opcodes allow. */
  count: (value: number): Buffer => {
    if (!Number.isSafeInteger(value) || value < 0) throw new Error(`not a count: ${value}`);
    if (value < 0x100) return Buffer.from([0x4b, value]);
    if (value < 0x10000) return Buffer.from([0x4d, value & 0xff, value >> 8]);
    const bytes = Buffer.alloc(10);
    if (value < 0x80000000) {
      bytes.write('J', 'latin1');
      bytes.writeInt32LE(value, 1);
      return bytes.subarray(0, 5);
    }
    bytes.writeUInt8(0x8a, 0); // LONG1, of eight bytes
    bytes.writeUInt8(8, 1);
    bytes.writeBigInt64LE(BigInt(value), 2);
    return bytes;
  },

  /** What the reader imports, or knows by this name. */
  global: (module: string, name: string): Buffer => Buffer.from(`c${module}\n${name}\n`),

  tuple: (...items: readonly Buffer[]): Buffer =>
    Buffer.concat([Buffer.from('('), ...items, Buffer.from('t')]),

  /** The callee with a tuple of arguments. */
  call: (callee: Buffer, args: Buffer): Buffer => Buffer.concat([callee, args, Buffer.from('R')]),

  /** The object that the file keeps elsewhere, by its id. */
  persistent: (id: Buffer): Buffer => Buffer.concat([id, Buffer.from('Q')]),

  /** A mapping with these items set. */
  withItems: (mapping: Buffer, items: readonly (readonly [Buffer, Buffer])[]): Buffer =>
    Buffer.concat([mapping, Buffer.from('('), ...items.flat(), Buffer.from('u')]),
};
