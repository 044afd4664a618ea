import type { PickleBytes } from './pickle-bytes.ts';
import type { PickleValue } from './pickle-value.ts';

/** The opcodes that push a value spelled out in the pickle itself, by Python's names. */
export const literals: {
  readonly [opcode: string]: (bytes: PickleBytes) => PickleValue;
} = {
  N: () => null, // NONE
  '\x88': () => true, // NEWTRUE
  '\x89': () => false, // NEWFALSE
  K: (bytes) => bytes.byte(), // BININT1
  M: (bytes) => bytes.count(2), // BININT2
  J: (bytes) => bytes.int32(), // BININT
  '\x8a': (bytes) => bytes.long(bytes.byte()), // LONG1
  '\x8b': (bytes) => bytes.long(bytes.count(4)), // LONG4
  G: (bytes) => bytes.float64(), // BINFLOAT
  '\x8c': (bytes) => bytes.text(bytes.byte()), // SHORT_BINUNICODE
  X: (bytes) => bytes.text(bytes.count(4)), // BINUNICODE
  '\x8d': (bytes) => bytes.text(bytes.count(8)), // BINUNICODE8
  U: (bytes) => bytes.text(bytes.byte()), // SHORT_BINSTRING, Python 2's text
  T: (bytes) => bytes.text(bytes.count(4)), // BINSTRING
  C: (bytes) => bytes.take(bytes.byte()), // SHORT_BINBYTES
  B: (bytes) => bytes.take(bytes.count(4)), // BINBYTES
  '}': () => new Map<PickleValue, PickleValue>(), // EMPTY_DICT
  ']': () => [], // EMPTY_LIST
  ')': () => [], // EMPTY_TUPLE
};
