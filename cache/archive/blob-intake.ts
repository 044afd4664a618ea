import { createHash } from 'node:crypto';
import { open, unlink } from 'node:fs/promises';
import { digestOf } from '../digest.ts';
import type { Digest } from '../digest.ts';
import { BlobBatch } from '../local/blob-batch.ts';
import { FileCopier } from '../local/copy-file.ts';
import { refreshBlob } from '../local/refresh-blob.ts';
import { SequentialWriter } from '../local/sequential-writer.ts';
import { blobPath, folderPath, makeFolder, randomName } from '../local/store-folder.ts';
import { TemporaryFile, temporaryPrefix } from '../local/temporary-file.ts';
import { decodeManifest } from '../manifest-codec.ts';
import type { Manifest } from '../manifest.ts';
import type { Store } from '../store.ts';
import type { TarMember, TarReader } from './tar/tar-reader.ts';

/** Up to this size a blob is hashed before anything is written. */
const smallBytes = 1024 * 1024;

export type TakenBlob = 'whole' | 'wrong' | 'truncated';

/**
 * Takes blobs off a tar into a store, each hashed before it gets its name. Throws system errors. `isDry`: reads and hashes
 * them, and writes nothing.
 */
export class BlobIntake implements Disposable {
  readonly #store: Store;
  readonly #isDry: boolean;
  readonly #batch: BlobBatch;
  readonly #whole = new Set<Digest>();
  readonly #wrong = new Set<Digest>();
  /** Small blobs of a dry run that are manifests: nobody can read them in the store. */
  readonly #manifests = new Map<Digest, Manifest>();
  readonly counts: { taken: number; takenBytes: number; stood: number } = {
    taken: 0,
    takenBytes: 0,
    stood: 0,
  };

  constructor(store: Store, isDry: boolean) {
    this.#store = store;
    this.#isDry = isDry;
    this.#batch = new BlobBatch(store, new FileCopier());
  }

  async take(digest: Digest, member: TarMember, reader: TarReader): Promise<TakenBlob> {
    const stood = await this.#store.blobs.has(digest);
    const taken =
      member.sizeBytes <= smallBytes
        ? await this.#takeSmall(digest, member, reader)
        : await this.#takeLarge(digest, member, reader);
    if (taken === 'wrong') this.#wrong.add(digest);
    if (taken !== 'whole' || this.#whole.has(digest)) return taken;
    this.#whole.add(digest);
    if (stood) this.counts.stood += 1;
    else {
      this.counts.taken += 1;
      this.counts.takenBytes += member.sizeBytes;
    }
    return taken;
  }

  /** Whether a blob came damaged, and the store has none of its own. */
  async isWrong(digest: Digest): Promise<boolean> {
    return this.#wrong.has(digest) && !(await this.has(digest));
  }

  /** Whether a blob has come, or was there before. */
  async has(digest: Digest): Promise<boolean> {
    return this.#whole.has(digest) || (await this.#store.blobs.has(digest));
  }

  /** Undefined where it has not come whole, or is none. */
  async manifest(digest: Digest): Promise<Manifest | undefined> {
    const known = this.#manifests.get(digest);
    if (known !== undefined) return known;
    await this.publish();
    const read = await this.#store.artifacts.manifest(digest);
    return read.kind === 'found' ? read.manifest : undefined;
  }

  /** All that has been taken is on the disk when this resolves. */
  async publish(): Promise<void> {
    await this.#batch.publish();
  }

  [Symbol.dispose](): void {
    this.#batch[Symbol.dispose]();
  }

  async #takeSmall(digest: Digest, { sizeBytes }: TarMember, reader: TarReader): Promise<TakenBlob> {
    const bytes = Buffer.alloc(sizeBytes);
    let length = 0;
    const read = await reader.read((piece) => {
      bytes.set(piece, length);
      length += piece.byteLength;
    });
    if (read === 'truncated') return read;
    if (digestOf(bytes) !== digest) return 'wrong';
    if (!this.#isDry) await this.#batch.add(bytes);
    else if (bytes.subarray(0, 9).toString('latin1') === '{"files":') {
      const decoded = decodeManifest(bytes);
      if (decoded.kind === 'decoded') this.#manifests.set(digest, decoded.manifest);
    }
    return 'whole';
  }

  async #takeLarge(digest: Digest, { sizeBytes }: TarMember, reader: TarReader): Promise<TakenBlob> {
    if (this.#isDry || (await refreshBlob(this.#store, { digest, sizeBytes })))
      return await readHashed(digest, reader);
    const { sharing } = this.#store;
    await makeFolder(folderPath(this.#store, 'tmp'), sharing);
    const path = `${folderPath(this.#store, 'tmp')}/${randomName(temporaryPrefix)}`;
    let taken: TakenBlob | undefined;
    try {
      await using file = await open(path, 'wx', 0o444);
      const writer = new SequentialWriter(file, true);
      taken = await readHashed(digest, reader, (piece) => writer.write(piece));
      await writer.end();
    } finally {
      if (taken !== 'whole') await unlink(path).catch(() => undefined);
    }
    if (taken !== 'whole') return taken;
    using file = TemporaryFile.adopt(this.#store, path);
    await file.sync();
    await file.renameTo(blobPath(this.#store, digest));
    return 'whole';
  }
}

async function readHashed(
  digest: Digest,
  reader: TarReader,
  take?: (piece: Uint8Array) => Promise<void>,
): Promise<TakenBlob> {
  const hash = createHash('sha256');
  const read = await reader.read(async (piece) => {
    hash.update(piece);
    await take?.(piece);
  });
  if (read === 'truncated') return read;
  return hash.digest('hex') === digest ? 'whole' : 'wrong';
}
