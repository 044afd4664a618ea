import { decodeActionResult, sameOutputs } from '../action-codec.ts';
import type { ActionResult } from '../action-store.ts';
import type { Digest, TaskKey } from '../digest.ts';
import type { StoreFailure } from '../failures.ts';
import { fingerprint } from '../signatures/signature.ts';
import type { Signer } from '../signatures/signature.ts';
import { readSigned, trustedResult } from '../signatures/signed-record.ts';
import { addSignedRecord } from '../signatures/write-signed-record.ts';
import { rememberOrigin } from '../origins.ts';
import type { Store } from '../store.ts';
import type { BlobIntake } from './blob-intake.ts';
import type { ArchiveProblem } from './import-report.ts';
import type { MemberPlace } from './tar/tar-reader.ts';

/** A result that has come, and waits for what it names. */
interface WaitingResult {
  readonly key: TaskKey;
  readonly text: string;
  readonly place: MemberPlace;
}

/** How many results are published together: a wait for the disk each would be most of the time. */
const publishedTogether = 64;

/**
 * Takes results off an archive into a store, each when all that it names is there: its action, the manifests of its outputs,
 * and their files, but for those that had been let go when the archive was made.
 */
export class ResultIntake {
  readonly #store: Store;
  readonly #blobs: BlobIntake;
  readonly #name: string;
  readonly #isDry: boolean;
  readonly #onProblem: (problem: ArchiveProblem) => void;
  readonly #signed = new Map<TaskKey, string[]>();
  #fresh: WaitingResult[] = [];
  /** Those that something was missing of when they came. */
  readonly #late: WaitingResult[] = [];
  #lacking: ReadonlySet<Digest> = new Set();
  readonly taken: Set<TaskKey> = new Set();
  readonly stood: Set<TaskKey> = new Set();
  readonly differ: Set<TaskKey> = new Set();
  /** Whose results came, whatever became of them. */
  readonly seen: Set<TaskKey> = new Set();

  constructor(parts: {
    readonly store: Store;
    readonly blobs: BlobIntake;
    /** Of the archive. */
    readonly name: string;
    readonly isDry: boolean;
    readonly onProblem: (problem: ArchiveProblem) => void;
  }) {
    this.#store = parts.store;
    this.#blobs = parts.blobs;
    this.#name = parts.name;
    this.#isDry = parts.isDry;
    this.#onProblem = parts.onProblem;
  }

  /** Blobs that need not be there. */
  mayLack(digests: Iterable<Digest>): void {
    this.#lacking = new Set(digests);
  }

  addSigned(key: TaskKey, text: string): void {
    this.#signed.set(key, [...(this.#signed.get(key) ?? []), text]);
  }

  async add(result: WaitingResult): Promise<StoreFailure | undefined> {
    this.seen.add(result.key);
    this.#fresh.push(result);
    return this.#fresh.length < publishedTogether ? undefined : await this.settle({ isOver: false });
  }

  /** Takes what is complete. `isOver`: nothing more will come, and what is not complete is said. */
  async settle({ isOver }: { readonly isOver: boolean }): Promise<StoreFailure | undefined> {
    if (!this.#isDry) await this.#blobs.publish();
    const waiting = [...(isOver ? this.#late.splice(0) : []), ...this.#fresh.splice(0)];
    for (const each of waiting) {
      const { key, text, place } = each;
      const result = decodeActionResult(text);
      if (result?.key !== key) {
        this.#onProblem({ reason: 'damaged', place, detail: 'it is no result of its key' });
        continue;
      }
      const missing = await this.#missing(result);
      if (missing !== undefined) {
        if (isOver) this.#onProblem({ reason: 'incomplete', place, detail: missing });
        else this.#late.push(each);
        continue;
      }
      const failure = await this.#take(result, place);
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  /** What a result names and has not come, in words. */
  async #missing({ key, outputs }: ActionResult): Promise<string | undefined> {
    const lacks = async (digest: Digest, what: string): Promise<string | undefined> => {
      if (await this.#blobs.has(digest)) return undefined;
      const how = (await this.#blobs.isWrong(digest)) ? 'is damaged' : 'is missing';
      return `${what} (blob ${digest}) ${how}`;
    };
    const action = await lacks(key as string as Digest, 'the text of its action');
    if (action !== undefined) return action;
    for (const [output, digest] of Object.entries(outputs)) {
      const absent = await lacks(digest, `the manifest of its output '${output}'`);
      if (absent !== undefined) return absent;
      const manifest = await this.#blobs.manifest(digest);
      if (manifest === undefined) return `blob ${digest}, its output '${output}', is no manifest`;
      for (const { path, sha256 } of manifest.files) {
        if (this.#lacking.has(sha256)) continue;
        const gone = await lacks(sha256, `the file ${path} of its output '${output}'`);
        if (gone !== undefined) return gone;
      }
    }
    return undefined;
  }

  async #take(given: ActionResult, place: MemberPlace): Promise<StoreFailure | undefined> {
    const { signing } = this.#store;
    const { key } = given;
    const texts = this.#signed.get(key) ?? [];
    const isDemanded = signing?.demanded === true;
    const result = isDemanded ? trustedAmong(texts, key, signing.signers) : given;
    const standing = await this.#store.actions.get(key);
    if (standing.kind === 'store-failure') return standing;
    if (result === undefined && standing.kind !== 'found') {
      const detail =
        texts.length === 0
          ? 'nobody has signed it, and this store demands signatures'
          : 'nobody whose results you trust has signed it';
      this.#onProblem({ reason: 'untrusted', place, detail });
      return undefined;
    }
    // One that is not believed says nothing about the one that stands.
    const told = result ?? given;
    if (this.#isDry) {
      this.#count(
        key,
        standing.kind !== 'found' ? 'taken' : sameOutputs(standing.result, told) ? 'stood' : 'differ',
      );
      return undefined;
    }
    const put = await this.#store.actions.put(told, { foreign: true });
    if (put.kind === 'store-failure') return put;
    this.#count(key, put.kind === 'stored' ? 'taken' : put.same ? 'stood' : 'differ');
    if (put.kind === 'stored') await rememberOrigin(this.#store, key, { kind: 'archive', name: this.#name });
    for (const text of texts) {
      const read = readSigned(text, key);
      if (read === undefined) {
        this.#onProblem({
          reason: 'damaged',
          place,
          detail: 'a signature beside it is wrong; it was not taken',
        });
        continue;
      }
      const failure = await addSignedRecord(this.#store, {
        key,
        record: { fingerprint: fingerprint(read.signer), text },
      });
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  #count(key: TaskKey, as: 'taken' | 'stood' | 'differ'): void {
    this[as].add(key);
  }
}

/** The first that somebody listed vouches for. */
function trustedAmong(
  texts: readonly string[],
  key: TaskKey,
  signers: readonly Signer[],
): ActionResult | undefined {
  return texts.map((text) => trustedResult(text, key, signers)).find((each) => each !== undefined);
}
