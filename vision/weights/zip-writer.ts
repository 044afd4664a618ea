import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

/** Beyond this the format needs other records. */
const mostBytes = 2 ** 32 - 1;
/** The first day that the format can say: the same content gives the same bytes. */
const firstDay = 0x0021;

/** Writes an uncompressed zip (APPNOTE 6.3, 4.3), entry by entry, whose data starts at multiples of `alignment` bytes. */
export class ZipWriter {
  readonly #file: FileHandle;
  readonly #alignment: number;
  readonly #directory: Buffer[] = [];
  #position = 0;

  constructor(file: FileHandle, alignment: number) {
    this.#file = file;
    this.#alignment = alignment;
  }

  async add(name: string, bytes: Uint8Array): Promise<void> {
    const path = Buffer.from(name);
    const padding = this.#paddingFor(path);
    const facts = factsOf(path, bytes);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    facts.copy(local, 4);
    local.writeUInt16LE(padding.length, 28);

    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    facts.copy(central, 6);
    central.writeUInt32LE(this.#position, 42);
    this.#directory.push(central, path);
    for (const part of [local, path, padding, bytes]) await this.#write(part);
  }

  /** Writes the directory, after which the file is whole. */
  async finish(): Promise<void> {
    const start = this.#position;
    for (const part of this.#directory) await this.#write(part);
    const entries = this.#directory.length / 2;
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50, 0);
    end.writeUInt16LE(entries, 8);
    end.writeUInt16LE(entries, 10);
    end.writeUInt32LE(this.#position - start, 12);
    end.writeUInt32LE(start, 16);
    await this.#write(end);
  }

  /** An extra field that is as long as it takes: its id and length, then zeros. */
  #paddingFor(path: Buffer): Buffer {
    const least = this.#position + 30 + path.length + 4;
    const padding = Buffer.alloc(4 + ((this.#alignment - (least % this.#alignment)) % this.#alignment));
    padding.write('FB', 'latin1');
    padding.writeUInt16LE(padding.length - 4, 2);
    return padding;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    this.#position += bytes.length;
    if (this.#position > mostBytes) throw new Error('the archive is larger than 4 GiB');
    await this.#file.writeFile(bytes);
  }
}

/** What a local header and the directory say alike, from the version needed to the length of the name. */
function factsOf(path: Buffer, bytes: Uint8Array): Buffer {
  const facts = Buffer.alloc(24);
  facts.writeUInt16LE(20, 0);
  facts.writeUInt16LE(0x0800, 2); // names are UTF-8
  facts.writeUInt16LE(firstDay, 8);
  facts.writeUInt32LE(crc32(bytes), 10);
  facts.writeUInt32LE(bytes.length, 14);
  facts.writeUInt32LE(bytes.length, 18);
  facts.writeUInt16LE(path.length, 22);
  return facts;
}
