/**
 * The few forms of protocol buffers' wire format that a graph needs
 * (https://protobuf.dev/programming-guides/encoding). A message is its fields, one after the other.
 */
export type Message = readonly Uint8Array[];

/** A whole number, a truth value or a member of an enumeration; the number must be exact. */
export function integerField(field: number, value: number): Message {
  return [varint(BigInt(field) << 3n), varint(BigInt.asUintN(64, BigInt(value)))];
}

/** A single-precision number. */
export function floatField(field: number, value: number): Message {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return [varint((BigInt(field) << 3n) | 5n), bytes];
}

/** Bytes, a text or a message. */
export function bytesField(field: number, value: Uint8Array | string | Message): Message {
  const parts =
    typeof value === 'string' ? [Buffer.from(value)] : value instanceof Uint8Array ? [value] : value;
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return [varint((BigInt(field) << 3n) | 2n), varint(BigInt(length)), ...parts];
}

/** The message as one piece. */
export function encodeMessage(message: Message): Uint8Array {
  return Buffer.concat(message);
}

/** Seven bits a byte, the lowest first; the eighth says that more follow. */
function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 128);
  } while (rest !== 0n);
  return Uint8Array.from(bytes);
}
