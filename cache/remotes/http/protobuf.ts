// The little of protobuf's wire format that is needed: varints and length-delimited fields, fields in the order of their
// numbers and without those that have their default value, as its canonical encoders write them.
// Source: https://protobuf.dev/programming-guides/encoding/

const lengthDelimited = 2;
const utf8 = new TextDecoder('utf-8', { fatal: true });

export interface Field {
  readonly number: number;
  /** Of a length-delimited field its content, of a varint its value. */
  readonly value: Uint8Array | number;
}

export function varintField(number: number, value: number): Buffer {
  return value === 0 ? Buffer.alloc(0) : Buffer.concat([varint(number * 8), varint(value)]);
}

/** Absent where it is empty, which in a message's own fields means the same. */
export function bytesField(number: number, content: Uint8Array | string): Buffer {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return bytes.byteLength === 0 ? Buffer.alloc(0) : messageField(number, bytes);
}

/** A message that is there, though it may be empty. */
export function messageField(number: number, content: Uint8Array): Buffer {
  return Buffer.concat([varint(number * 8 + lengthDelimited), varint(content.byteLength), content]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) {
      bytes.push(rest);
      return Buffer.from(bytes);
    }
    bytes.push((rest % 128) + 128);
  }
}

/** The fields of a message; undefined where the bytes are none. Fixed-width fields are passed over. */
export function readFields(bytes: Uint8Array): readonly Field[] | undefined {
  const fields: Field[] = [];
  let at = 0;
  const next = (): number | undefined => {
    let value = 0;
    for (let shift = 0; shift < 10; shift++) {
      const byte = bytes[at];
      if (byte === undefined) return undefined;
      at += 1;
      value += (byte & 127) * 128 ** shift;
      if (byte < 128) return value;
    }
    return undefined;
  };
  while (at < bytes.byteLength) {
    const tag = next();
    if (tag === undefined || tag > 2 ** 32) return undefined;
    const number = Math.floor(tag / 8);
    if (number === 0) return undefined;
    switch (tag % 8) {
      case 0: {
        const value = next();
        if (value === undefined) return undefined;
        fields.push({ number, value });
        break;
      }
      case lengthDelimited: {
        const length = next();
        if (length === undefined || length > bytes.byteLength - at) return undefined;
        fields.push({ number, value: bytes.subarray(at, at + length) });
        at += length;
        break;
      }
      case 1:
        at += 8;
        break;
      case 5:
        at += 4;
        break;
      default:
        return undefined;
    }
  }
  return at === bytes.byteLength ? fields : undefined;
}

/** A text field's content; undefined where it is no UTF-8. */
export function textOf(value: Uint8Array): string | undefined {
  try {
    return utf8.decode(value);
  } catch {
    return undefined;
  }
}
