import pLimit from 'p-limit';
import type { AbsentOrCorrupt } from '../blob-store.ts';
import type { Digest } from '../digest.ts';
import type { StoreFailure } from '../failures.ts';
import type { Manifest } from '../manifest.ts';
import type { Store } from '../store.ts';
import { fetchBlob } from './fetch-blob.ts';
import type { FetchedBlob } from './fetch-blob.ts';
import { GroupPublisher } from './group-publisher.ts';
import type { SteadyRemote } from './steady-remote.ts';

interface FetcherParts {
  readonly local: Store;
  readonly remotes: readonly SteadyRemote[];
  readonly onTrouble: (message: string) => void;
}

/** Of what is as large as this, a few at a time fill the line; each may hold some of its bytes in memory. */
const largeBytes = 4 * 1024 * 1024;
const largeAtOnce = 4;
/** With small blobs most of the time goes to the way there and back. */
const smallAtOnce = 16;

/** Brings blobs into the store as they are asked for, each once however many ask at a time. */
export class BlobFetcher {
  readonly #parts: FetcherParts;
  readonly #publisher: GroupPublisher;
  readonly #large = pLimit(largeAtOnce);
  readonly #small = pLimit(smallAtOnce);
  readonly #flights = new Map<Digest, Promise<FetchedBlob>>();
  /** Of files of manifests that have been read. */
  readonly #sizes = new Map<Digest, number>();

  constructor(parts: FetcherParts) {
    this.#parts = parts;
    this.#publisher = new GroupPublisher(parts.local);
  }

  /** No remote may send more than a manifest says. */
  expect(manifest: Manifest): void {
    for (const { sha256, size } of manifest.files) this.#sizes.set(sha256, size);
  }

  /** What `action` finds, after another try where it found nothing and a remote has it. */
  async orFetch<T extends { readonly kind: string }>(
    digest: Digest,
    action: () => Promise<T | AbsentOrCorrupt | StoreFailure>,
  ): Promise<T | AbsentOrCorrupt | StoreFailure> {
    const found = await action();
    if (found.kind !== 'absent' && found.kind !== 'corrupt') return found;
    const fetched = await this.fetch(digest);
    switch (fetched.kind) {
      case 'fetched':
        return await action();
      case 'absent':
        return found;
      case 'store-failure':
        return fetched;
    }
  }

  /** `signal`: of who asks first; whoever has joined him asks again. */
  fetch(digest: Digest, signal?: AbortSignal): Promise<FetchedBlob> {
    let flight = this.#flights.get(digest);
    if (flight === undefined) {
      const { local, remotes, onTrouble } = this.#parts;
      const publisher = this.#publisher;
      const sizeBytes = this.#sizes.get(digest);
      const lane = (sizeBytes ?? 0) < largeBytes ? this.#small : this.#large;
      flight = lane(() =>
        fetchBlob({ folder: local, remotes, publisher, onTrouble }, { digest, sizeBytes, signal }),
      ).finally(() => this.#flights.delete(digest));
      this.#flights.set(digest, flight);
    }
    return flight;
  }

  /** Whether the remotes together have all of some blobs. */
  async areThere(digests: readonly Digest[]): Promise<boolean> {
    let lacking = digests;
    for (const remote of this.#parts.remotes) {
      if (lacking.length === 0) return true;
      if (!remote.pull || !remote.isUsed('pull')) continue;
      const looked = await remote.hasBlobs(lacking, forWhoeverWaits);
      if (looked.kind === 'looked') lacking = lacking.filter((digest) => !looked.present.has(digest));
    }
    return lacking.length === 0;
  }
}

const forWhoeverWaits = { signal: new AbortController().signal, onBytes: (): void => undefined };
