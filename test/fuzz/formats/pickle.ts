import type { Random } from '../../../vision/random/random.ts';
import { storedZip } from './stored-zip.ts';

/** Python's pickle, one opcode or value at a time, in protocol 2. */
const say = {
  proto: Buffer.from([0x80, 2]),
  stop: Buffer.from('.'),
  mark: Buffer.from('('),
  tuple: Buffer.from('t'),
  call: Buffer.from('R'),
  persistent: Buffer.from('Q'),
  dict: Buffer.from('}'),
  list: Buffer.from(']'),
  none: Buffer.from('N'),
  setItems: Buffer.from('u'),
  appends: Buffer.from('e'),
  put: (at: number): Buffer => Buffer.from([0x71, at]),
  get: (at: number): Buffer => Buffer.from([0x68, at]),
  global: (name: string): Buffer => {
    const dot = name.lastIndexOf('.');
    return Buffer.from(`c${name.slice(0, dot)}\n${name.slice(dot + 1)}\n`);
  },
  text: (text: string): Buffer => {
    const bytes = Buffer.from(text);
    const head = Buffer.from('X\0\0\0\0', 'latin1');
    head.writeUInt32LE(bytes.length, 1);
    return Buffer.concat([head, bytes]);
  },
  /** Whole numbers of sixteen bytes. */
  number: (value: bigint): Buffer => {
    const bytes = Buffer.alloc(18);
    bytes.writeBigUInt64LE(BigInt.asUintN(64, value), 2);
    bytes.writeBigUInt64LE(BigInt.asUintN(64, value >> 64n), 10);
    bytes.set([0x8a, 16]);
    return bytes;
  },
};

type Piece = Buffer | readonly Piece[];

function joined(piece: Piece): Buffer {
  return Buffer.isBuffer(piece) ? piece : Buffer.concat(piece.map(joined));
}

function tuple(...items: readonly Piece[]): Piece {
  return [say.mark, items, say.tuple];
}

function numbers(values: readonly bigint[]): Piece {
  return tuple(...values.map(say.number));
}

export interface TensorSaid {
  readonly name: string;
  readonly storage: string;
  readonly key: string;
  readonly length: bigint;
  readonly offset: bigint;
  readonly shape: readonly bigint[];
  readonly strides: readonly bigint[];
}

/** A state dict as torch.save pickles it; in the old format a storage's id ends in a view, or None. */
export function stateDict(tensors: readonly TensorSaid[], old: boolean): Buffer {
  return joined([say.proto, mappingOf(tensors, old), say.stop]);
}

function mappingOf(tensors: readonly TensorSaid[], old: boolean): Piece {
  const said = tensors.map(({ name, storage, key, length, offset, shape, strides }): Piece => {
    const id = tuple(
      say.text('storage'),
      say.global(`torch.${storage}`),
      say.text(key),
      say.text('cpu'),
      say.number(length),
      ...(old ? [say.none] : []),
    );
    const args = tuple([id, say.persistent], say.number(offset), numbers(shape), numbers(strides));
    return [say.text(name), say.global('torch._utils._rebuild_tensor'), args, say.call];
  });
  return [say.dict, say.mark, said, say.setItems];
}

/** State dicts by key, one of them perhaps in another, or a mapping that holds itself. All tensors in storage '0'. */
export function wrappedTorch(
  wrapped: readonly { readonly key: string; readonly tensors: readonly TensorSaid[] }[],
  { storage, inItself }: { readonly storage: Buffer; readonly inItself: boolean },
): Uint8Array {
  const items = wrapped.map(({ key, tensors }): Piece => {
    const inner = inItself ? say.get(0) : mappingOf(tensors, false);
    return [say.text(key), inner];
  });
  const value = joined([say.proto, say.dict, say.put(0), say.mark, items, say.setItems, say.stop]);
  return zipFile(value, new Map([['0', storage]]));
}

/** What comes before the list of storages in the old format, with an empty state dict. */
export function legacyPickles(value: Buffer = stateDict([], true)): Buffer {
  const magic = joined([say.proto, say.number(0x1950a86a20f9469cfc6cn), say.stop]);
  const version = joined([say.proto, say.number(1001n), say.stop]);
  const machine = joined([say.proto, say.dict, say.stop]);
  return Buffer.concat([magic, version, machine, value]);
}

/** A zip of torch.save with these tensors, all in storage '0'. */
export function inventedTorch(tensors: readonly TensorSaid[], storage: Buffer): Uint8Array {
  return zipFile(stateDict(tensors, false), new Map([['0', storage]]));
}

/** A file of torch.save before 1.6, its storages of four-byte values. */
export function legacyFile(value: Buffer, storages: ReadonlyMap<string, Buffer>): Uint8Array {
  const keys = joined([
    say.proto,
    say.list,
    say.mark,
    [...storages.keys()].map(say.text),
    say.appends,
    say.stop,
  ]);
  const bodies = [...storages.values()].map((bytes) => {
    const length = Buffer.alloc(8);
    length.writeBigInt64LE(BigInt(bytes.length / 4));
    return Buffer.concat([length, bytes]);
  });
  return Buffer.concat([legacyPickles(value), keys, ...bodies]);
}

function zipFile(value: Buffer, storages: ReadonlyMap<string, Buffer>): Uint8Array {
  const data = [...storages].map(([key, bytes]) => [`archive/data/${key}`, bytes] as const);
  return storedZip(new Map([['archive/data.pkl', value], ...data]));
}

/** Two tensors in one storage, one of them strided, in both of torch.save's formats. */
export function torchFiles(): readonly Uint8Array[] {
  const common = { storage: 'FloatStorage', key: '0', length: 6n };
  const tensors = [
    { ...common, name: 'a', offset: 0n, shape: [2n, 3n], strides: [3n, 1n] },
    { ...common, name: 'b', offset: 0n, shape: [3n, 2n], strides: [1n, 3n] },
  ];
  const storages = new Map([['0', Buffer.from(Float32Array.of(0, 1, 2, 3, 4, 5).buffer)]]);
  return [legacyFile(stateDict(tensors, true), storages), zipFile(stateDict(tensors, false), storages)];
}

/** A file of torch.save whose tensors, storages and pickle say anything at all. */
export function inventTorch(random: Random): Uint8Array {
  const old = random.chance(0.5);
  const storages = new Map([['0', Buffer.alloc(4 * random.integer(40), 1)]]);
  const value = random.chance(0.4) ? soup(random) : stateDict(oddTensors(random), old);
  return old ? legacyFile(value, storages) : zipFile(value, storages);
}

function oddTensors(random: Random): readonly TensorSaid[] {
  return Array.from({ length: random.integer(5) }, (_, at) => {
    const axes = random.chance(0.05) ? 100 : random.integer(4);
    const sides = (): readonly bigint[] => Array.from({ length: axes }, () => side(random));
    const shape = sides();
    return {
      name: `t${at}`,
      storage: ['FloatStorage', 'LongStorage', 'BoolStorage', 'Nonsense'][
        random.integer(random.chance(0.9) ? 3 : 4)
      ]!,
      key: random.chance(0.9) ? '0' : 'toString',
      length: side(random) * 8n,
      offset: random.chance(0.7) ? 0n : side(random),
      shape,
      strides: random.chance(0.5) ? shape.map((_, axis) => product(shape.slice(axis + 1))) : sides(),
    };
  });
}

function product(sides: readonly bigint[]): bigint {
  return sides.reduce((all, side) => all * side, 1n);
}

function side(random: Random): bigint {
  if (random.chance(0.85)) return BigInt(random.integer(5));
  return [-1n, 2n ** 31n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 60n, 2n ** 64n][random.integer(6)]!;
}

/** Opcodes in any order: what they build may hold itself, or hold one thing many times over. */
function soup(random: Random): Buffer {
  const doubling = [say.list, say.put(0), say.mark, say.get(0), say.get(0), say.appends];
  const words: readonly Piece[] = [
    say.mark,
    say.tuple,
    say.call,
    say.persistent,
    say.dict,
    say.list,
    say.none,
    say.setItems,
    say.appends,
    say.put(random.integer(4)),
    say.get(random.integer(4)),
    say.text('storage'),
    say.text('__proto__'),
    say.number(3n),
    say.global('collections.OrderedDict'),
    say.global('torch._utils._rebuild_tensor_v2'),
    say.global('torch.FloatStorage'),
    say.global('os.system'),
    [say.mark, say.get(0), say.get(0), say.tuple, say.put(0)],
    doubling,
  ];
  const pieces = Array.from({ length: random.integer(60) }, () => words[random.integer(words.length)]!);
  return joined([say.proto, say.list, say.put(0), pieces, say.stop]);
}
