import { WeightsError } from './failure.ts';
import { PickleBytes } from './pickle-bytes.ts';
import { literals } from './pickle-literals.ts';
import { isObject, type PickleDict, type PickleGlobal, type PickleValue } from './pickle-value.ts';

/** A tensor takes about thirty. Each may make a value of a hundred bytes from one byte of the file. */
const mostSteps = 4_000_000;

/** Of texts in it, mostly: what is read of a file at one go. */
export const largestPickleBytes: number = 2 ** 28;

/** Who decides what names mean. Throws a `WeightsError` for what it does not know. */
export interface PickleHost {
  readonly call: (name: string, args: readonly PickleValue[]) => PickleValue;
  readonly persistent: (id: PickleValue) => PickleValue;
}

/**
 * Python's pickle, read as data. A pickle is a program for a stack machine that may import and call anything; here
 * only the opcodes that build plain values are known, a "global" is a name and nothing else, and a call is whatever
 * `host.call` makes of that name. Nothing is imported or run.
 *
 * Runs one pickle of `file` from byte `start`; `end` is where the next one would begin.
 */
export function readPickle(
  file: Uint8Array,
  start: number,
  host: PickleHost,
): { readonly value: PickleValue; readonly end: number } {
  const bytes = new PickleBytes(file, start);
  const machine = new Machine(bytes, host);
  for (let steps = 0; ; steps += 1) {
    if (steps > mostSteps) throw new WeightsError('too-large', `a pickle of more than ${mostSteps} steps`);
    const opcode = String.fromCharCode(bytes.byte());
    if (opcode === '.') return { value: machine.result(), end: bytes.position }; // STOP
    machine.step(opcode);
  }
}

class Machine {
  readonly #bytes: PickleBytes;
  readonly #host: PickleHost;
  readonly #stack: PickleValue[] = [];
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, PickleValue>();

  constructor(bytes: PickleBytes, host: PickleHost) {
    this.#bytes = bytes;
    this.#host = host;
  }

  result(): PickleValue {
    return this.#pop();
  }

  step(opcode: string): void {
    const bytes = this.#bytes;
    const literal = Object.hasOwn(literals, opcode) ? literals[opcode] : undefined;
    if (literal !== undefined) {
      this.#push(literal(bytes));
      return;
    }
    switch (opcode) {
      case '\x80': // PROTO
        if (bytes.byte() > 5) throw new WeightsError('unknown-format', 'a pickle protocol beyond 5');
        break;
      case '\x95': // FRAME: only a hint for buffering
        bytes.count(8);
        break;
      case '(': // MARK
        this.#marks.push(this.#stack.length);
        break;
      case '0': // POP
        this.#pop();
        break;
      case '1': // POP_MARK
        this.#popMark();
        break;
      case '2': // DUP
        this.#push(this.#top());
        break;
      case 't': // TUPLE
      case 'l': // LIST
        this.#push(this.#popMark());
        break;
      case '\x85': // TUPLE1 … TUPLE3
      case '\x86':
      case '\x87':
        this.#push(this.#popMany(opcode.charCodeAt(0) - 0x84));
        break;
      case 'd': // DICT
        this.#push(withItems(new Map(), this.#popMark()));
        break;
      case 'a': // APPEND
        this.#append(this.#popMany(1));
        break;
      case 'e': // APPENDS
        this.#append(this.#popMark());
        break;
      case 's': // SETITEM
        this.#setItems(this.#popMany(2));
        break;
      case 'u': // SETITEMS
        this.#setItems(this.#popMark());
        break;
      case 'q': // BINPUT
        this.#remember(bytes.byte());
        break;
      case 'r': // LONG_BINPUT
        this.#remember(bytes.count(4));
        break;
      case '\x94': // MEMOIZE
        this.#remember(this.#memo.size);
        break;
      case 'h': // BINGET
        this.#recall(bytes.byte());
        break;
      case 'j': // LONG_BINGET
        this.#recall(bytes.count(4));
        break;
      case 'c': // GLOBAL
        this.#push(globalNamed(bytes.line(), bytes.line()));
        break;
      case '\x93': // STACK_GLOBAL
        this.#push(globalNamed(...(this.#popMany(2) as [PickleValue, PickleValue])));
        break;
      case 'R': // REDUCE
      case '\x81': // NEWOBJ
        this.#call();
        break;
      case 'b': // BUILD: an object's state; those that are known need none (an OrderedDict's is its metadata)
        this.#pop();
        break;
      case 'Q': // BINPERSID
        this.#push(this.#host.persistent(this.#pop()));
        break;
      default:
        throw new WeightsError(
          'forbidden',
          `the pickle uses opcode 0x${opcode.charCodeAt(0).toString(16)} at byte ${bytes.position - 1}, which is not read`,
        );
    }
  }

  #call(): void {
    const [callee, args] = this.#popMany(2);
    if (!isGlobal(callee)) throw new WeightsError('malformed', 'a call of something that is not a name');
    if (!Array.isArray(args))
      throw new WeightsError('malformed', `'${callee.name}' is called without a tuple`);
    this.#push(this.#host.call(callee.name, args as readonly PickleValue[]));
  }

  #append(items: readonly PickleValue[]): void {
    const list = this.#top();
    if (!Array.isArray(list)) throw new WeightsError('malformed', 'items are appended to what is no list');
    for (const item of items) list.push(item);
  }

  #setItems(items: readonly PickleValue[]): void {
    const dict = this.#top();
    if (dict instanceof Map) withItems(dict, items);
    else if (!isInert(dict)) throw new WeightsError('malformed', 'items are set on what is no mapping');
  }

  #push(value: PickleValue): void {
    this.#stack.push(value);
  }

  #pop(): PickleValue {
    return this.#popMany(1)[0]!;
  }

  #popMany(count: number): PickleValue[] {
    if (this.#stack.length - (this.#marks.at(-1) ?? 0) < count)
      throw new WeightsError('malformed', 'the pickle takes more values than it made');
    return this.#stack.splice(-count, count);
  }

  #popMark(): PickleValue[] {
    const mark = this.#marks.pop();
    if (mark === undefined) throw new WeightsError('malformed', 'the pickle closes a group it did not open');
    return this.#stack.splice(mark);
  }

  #top(): PickleValue {
    const top = this.#stack.at(-1);
    if (top === undefined) throw new WeightsError('malformed', 'the pickle uses a value it did not make');
    return top;
  }

  #remember(place: number): void {
    this.#memo.set(place, this.#top());
  }

  #recall(place: number): void {
    const value = this.#memo.get(place);
    if (value === undefined)
      throw new WeightsError('malformed', `the pickle recalls the unknown memo ${place}`);
    this.#push(value);
  }
}

function withItems(dict: PickleDict, items: readonly PickleValue[]): PickleDict {
  if (items.length % 2 !== 0) throw new WeightsError('malformed', 'a mapping with a key and no value');
  for (let index = 0; index < items.length; index += 2) dict.set(items[index]!, items[index + 1]!);
  return dict;
}

function globalNamed(module: PickleValue, name: PickleValue): PickleGlobal {
  if (typeof module !== 'string' || typeof name !== 'string')
    throw new WeightsError('malformed', 'a global whose name is not text');
  return { kind: 'global', name: `${module}.${name}` };
}

function isGlobal(value: PickleValue | undefined): value is PickleGlobal {
  return isObject(value) && value.kind === 'global';
}

function isInert(value: PickleValue): boolean {
  return isObject(value) && value.kind === 'inert';
}
