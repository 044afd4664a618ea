import { ByteQueue } from './byte-queue.ts';
import { blockBytes, decodeHeader, decodePax, paddingAfter } from './header.ts';

/** Where in a tar something stands. */
export interface MemberPlace {
  /** As the tar has it; undefined where that cannot be read. */
  readonly name: string | undefined;
  /** Counted from 1. */
  readonly ordinal: number;
  /** Byte at which its header begins. */
  readonly offset: number;
}

export interface TarMember extends MemberPlace {
  readonly kind: 'file' | 'folder';
  readonly name: string;
  readonly sizeBytes: number;
}

/** Why reading cannot go on. */
export interface TarProblem {
  readonly kind: 'problem';
  readonly reason: 'not-a-tar' | 'truncated' | 'damaged' | 'refused';
  readonly place: MemberPlace;
  readonly detail: string;
}

/** Names and comments that are longer are nobody's honest work. */
const mostExtendedBytes = 64 * 1024;

/**
 * Reads a tar (ustar, pax, and GNU's long names), member by member, from start to end. Whoever gets a file reads its bytes
 * before asking for the next, or they are passed over. Links, devices and whatever else is no file or folder are refused.
 */
export class TarReader {
  readonly #bytes: ByteQueue;
  #ordinal = 0;
  /** Bytes of the current member that nobody has read, and the padding after them. */
  #left = 0;
  #padding = 0;
  #place: MemberPlace = { name: undefined, ordinal: 0, offset: 0 };

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#bytes = new ByteQueue(source);
  }

  async next(): Promise<TarMember | TarProblem | { readonly kind: 'end' }> {
    if ((await this.read(() => undefined)) === 'truncated') return this.#truncated();
    const extended = new Map<string, string>();
    let ahead = false;
    for (;;) {
      const offset = this.#bytes.position;
      this.#place = { name: undefined, ordinal: this.#ordinal + 1, offset };
      const block = await this.#bytes.exactly(blockBytes);
      if (block.byteLength < blockBytes) return offset === 0 ? this.#noTar() : this.#truncated();
      if (block.every((byte) => byte === 0))
        return ahead
          ? this.#problem('damaged', 'an extended header is followed by nothing')
          : { kind: 'end' };
      const header = decodeHeader(block);
      if (header === undefined)
        return offset === 0 ? this.#noTar() : this.#problem('damaged', 'its header is damaged');
      const { type, sizeBytes } = header;
      if (type === 'x' || type === 'g' || type === 'L') {
        if (sizeBytes > mostExtendedBytes) return this.#problem('refused', 'its extended header is too long');
        const body = await this.#bytes.exactly(sizeBytes + paddingAfter(sizeBytes));
        if (body.byteLength < sizeBytes) return this.#truncated();
        const content = body.subarray(0, sizeBytes);
        const records = type === 'L' ? longName(content) : decodePax(content);
        if (records === undefined) return this.#problem('damaged', 'its extended header is malformed');
        // What is global (a comment, as `git archive` has it) tells of no single file.
        if (type !== 'g') for (const [key, value] of records) extended.set(key, value);
        ahead = type !== 'g';
        continue;
      }
      return this.#member(header, extended);
    }
  }

  /** Hands on what is left of the current member's bytes, in order. */
  async read(take: (piece: Uint8Array) => Promise<void> | void): Promise<'whole' | 'truncated'> {
    while (this.#left > 0) {
      const piece = await this.#bytes.some(this.#left);
      if (piece.byteLength === 0) return 'truncated';
      this.#left -= piece.byteLength;
      await take(piece);
    }
    const padding = await this.#bytes.exactly(this.#padding);
    if (padding.byteLength < this.#padding) return 'truncated';
    this.#padding = 0;
    return 'whole';
  }

  /** Reads the rest of the source and forgets it, so that whoever writes into a pipe can end. */
  async drain(): Promise<void> {
    while ((await this.#bytes.some(1024 * 1024)).byteLength > 0);
  }

  close(): Promise<void> {
    return this.#bytes.close();
  }

  #member(
    header: NonNullable<ReturnType<typeof decodeHeader>>,
    extended: ReadonlyMap<string, string>,
  ): TarMember | TarProblem {
    this.#ordinal += 1;
    const size = extended.get('size');
    const name = extended.get('path') ?? header.name;
    this.#place = { ...this.#place, name };
    const sizeBytes = size === undefined ? header.sizeBytes : Number(size);
    if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0 || (size !== undefined && !/^[0-9]+$/.test(size)))
      return this.#problem('damaged', 'its size is no number');
    const kind = kindOf(header.type);
    if (kind === undefined)
      return this.#problem('refused', `it is ${names[header.type] ?? 'of a type that no archive has'}`);
    if (kind === 'folder' && sizeBytes > 0) return this.#problem('damaged', 'it is a folder with bytes');
    this.#left = sizeBytes;
    this.#padding = paddingAfter(sizeBytes);
    return { kind, name, sizeBytes, ordinal: this.#place.ordinal, offset: this.#place.offset };
  }

  #truncated(): TarProblem {
    return this.#problem('truncated', `it ends after ${this.#bytes.position} bytes`);
  }

  #noTar(): TarProblem {
    return this.#problem('not-a-tar', 'it does not begin as a tar does');
  }

  #problem(reason: TarProblem['reason'], detail: string): TarProblem {
    return { kind: 'problem', reason, place: this.#place, detail };
  }
}

function kindOf(type: string): TarMember['kind'] | undefined {
  if (type === '0' || type === '\0' || type === '7') return 'file';
  return type === '5' ? 'folder' : undefined;
}

const names: { readonly [type: string]: string } = {
  '1': 'a hard link',
  '2': 'a symbolic link',
  '3': 'a device',
  '4': 'a device',
  '6': 'a named pipe',
  S: 'a sparse file',
};

/** GNU tar's way of saying a long name: a file of its own before the one it is about. */
function longName(content: Uint8Array): ReadonlyMap<string, string> {
  return new Map([['path', Buffer.from(content).toString('utf8').replace(/\0+$/, '')]]);
}
