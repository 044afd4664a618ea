/** Sizes and positions in a tar are multiples of it. */
export const blockBytes = 512;

/** Size of the field that ustar gives a member's size: eleven octal digits. */
const mostUstarBytes = 0o77777777777;

/** A regular file that is to be written. */
export interface FileHeader {
  readonly name: string;
  readonly sizeBytes: number;
}

/**
 * What stands before a file's bytes (POSIX.1-2017, pax: ustar interchange format): one block, and an extended header before
 * it where a name or size does not fit. Owner 0, mode 0644, time 0, no names of users: the same file gives the same bytes.
 */
export function encodeHeader({ name, sizeBytes }: FileHeader): Buffer {
  const split = splitName(name);
  const records = [
    ...(split === undefined ? [paxRecord('path', name)] : []),
    ...(sizeBytes > mostUstarBytes ? [paxRecord('size', String(sizeBytes))] : []),
  ];
  const block = encodeBlock({
    ...(split ?? { name: shortened(name), prefix: '' }),
    sizeBytes: sizeBytes > mostUstarBytes ? 0 : sizeBytes,
    type: '0',
  });
  if (records.length === 0) return block;
  const extended = Buffer.from(records.join(''));
  const about = { name: `PaxHeaders/${shortened(name)}`.slice(0, 100), prefix: '' };
  const before = encodeBlock({ ...about, sizeBytes: extended.byteLength, type: 'x' });
  return Buffer.concat([before, extended, Buffer.alloc(paddingAfter(extended.byteLength)), block]);
}

/** How many zero bytes follow so many. */
export function paddingAfter(sizeBytes: number): number {
  return (blockBytes - (sizeBytes % blockBytes)) % blockBytes;
}

/** One header block, as it stands in a tar. */
export interface ReadHeader {
  readonly name: string;
  readonly sizeBytes: number;
  /** `0` for a regular file, in old archives a NUL byte. */
  readonly type: string;
}

/** Undefined where the checksum is wrong or a number is none: the block is no header. */
export function decodeHeader(block: Uint8Array): ReadHeader | undefined {
  const stated = octal(block.subarray(148, 156));
  if (stated === undefined || stated !== checksum(block)) return undefined;
  const sizeBytes = numberIn(block.subarray(124, 136));
  if (sizeBytes === undefined) return undefined;
  const isUstar = text(block.subarray(257, 262)) === 'ustar';
  const prefix = isUstar && block[262] === 0 ? text(block.subarray(345, 500)) : '';
  const name = text(block.subarray(0, 100));
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    sizeBytes,
    type: String.fromCharCode(block[156] ?? 0),
  };
}

/** The records of a pax extended header; undefined where they are malformed. */
export function decodePax(bytes: Uint8Array): ReadonlyMap<string, string> | undefined {
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.byteLength;) {
    const space = bytes.indexOf(0x20, at);
    const length = space === -1 ? '' : text(bytes.subarray(at, space));
    if (!/^[1-9][0-9]{0,9}$/.test(length)) return undefined;
    const end = at + Number(length);
    const record = bytes.subarray(space + 1, end - 1);
    const equals = record.indexOf(0x3d);
    if (end > bytes.byteLength || end <= space || bytes[end - 1] !== 0x0a || equals < 1) return undefined;
    records.set(text(record.subarray(0, equals)), Buffer.from(record.subarray(equals + 1)).toString('utf8'));
    at = end;
  }
  return records;
}

function encodeBlock(fields: ReadHeader & { readonly prefix: string }): Buffer {
  const block = Buffer.alloc(blockBytes);
  block.write(fields.name, 0, 100, 'latin1');
  block.write('0000644\0', 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  block.write(`${fields.sizeBytes.toString(8).padStart(11, '0')}\0`, 124);
  block.write('00000000000\0', 136);
  block.write(fields.type, 156);
  block.write('ustar\x0000', 257, 'latin1');
  block.write('0000000\0', 329);
  block.write('0000000\0', 337);
  block.write(fields.prefix, 345, 155, 'latin1');
  block.write(`${checksum(block).toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** The two fields that ustar has for a name; undefined where it does not fit, or is not ASCII. */
function splitName(name: string): { readonly name: string; readonly prefix: string } | undefined {
  if (!/^[\x20-\x7e]+$/.test(name)) return undefined;
  if (name.length <= 100) return { name, prefix: '' };
  const slash = name.indexOf('/', name.length - 101);
  if (slash < 1 || slash > 155 || slash === name.length - 1) return undefined;
  return { name: name.slice(slash + 1), prefix: name.slice(0, slash) };
}

/** For programs that do not read extended headers. */
function shortened(name: string): string {
  return name
    .replace(/[^\x20-\x7e]/g, '_')
    .slice(-80)
    .replace(/^\/+/, '');
}

/** `LENGTH KEY=VALUE\n`, where the length counts itself. */
function paxRecord(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (rest + String(length).length !== length) length += 1;
  return `${length} ${key}=${value}\n`;
}

/** The sum of a block's bytes, those of the checksum's own field taken for spaces. */
function checksum(block: Uint8Array): number {
  let sum = 8 * 0x20;
  for (let at = 0; at < blockBytes; at += 1) if (at < 148 || at >= 156) sum += block[at] ?? 0;
  return sum;
}

/** Octal digits, or (as GNU tar has it for large files) a binary number after a first byte of 0x80. */
function numberIn(field: Uint8Array): number | undefined {
  if (field[0] !== 0x80) return octal(field);
  let value = 0;
  for (const byte of field.subarray(1)) value = value * 256 + byte;
  return Number.isSafeInteger(value) ? value : undefined;
}

function octal(field: Uint8Array): number | undefined {
  const digits = text(field).trim();
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : undefined;
}

/** Up to the first NUL byte. */
function text(field: Uint8Array): string {
  const end = field.indexOf(0);
  return Buffer.from(end === -1 ? field : field.subarray(0, end)).toString('utf8');
}
