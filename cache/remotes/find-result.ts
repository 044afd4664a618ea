import type { ActionResult, SignedRecord } from '../action-store.ts';
import { sameOutputs } from '../action-codec.ts';
import type { TaskKey } from '../digest.ts';
import { fingerprint } from '../signatures/signature.ts';
import type { Signer } from '../signatures/signature.ts';
import { trustedResult } from '../signatures/signed-record.ts';
import type { RemoteAction } from './remote.ts';
import type { SteadyRemote } from './steady-remote.ts';

export interface FoundResult {
  readonly result: ActionResult;
  /** Name of the remote that had it. */
  readonly from: string;
  /** Signatures of listed members that came with it and are right. */
  readonly signed: readonly SignedRecord[];
}

export interface ResultSearch {
  readonly remotes: readonly SteadyRemote[];
  readonly signers: readonly Signer[];
  /** Whether only a result that a listed member has signed is one. */
  readonly demanded: boolean;
  readonly onTrouble: (message: string) => void;
  /** Told of a result that is there, and that no listed member has signed. */
  readonly onUntrusted: (remote: string, key: TaskKey) => void;
}

/** The result of a key from the first remote that has one. What is none of this key, or is not trusted, is named and passed over. */
export async function findResult(search: ResultSearch, key: TaskKey): Promise<FoundResult | undefined> {
  const fingerprints = search.signers.map((signer) => fingerprint(signer.key));
  for (const remote of search.remotes) {
    if (!remote.pull || !remote.isUsed('pull')) continue;
    const answer = await remote.getAction(key, forWhoeverWaits, fingerprints);
    switch (answer.kind) {
      case 'absent':
      case 'remote-failure':
        break;
      case 'malformed':
        remote.use.refused += 1;
        search.onTrouble(
          `the result of ${key} from remote '${remote.name}' ${answer.problem}; it was not taken`,
        );
        break;
      case 'found': {
        const accepted = accept(search, { key, answer, from: remote.name });
        if (accepted !== undefined) return accepted;
        remote.use.refused += 1;
      }
    }
  }
  return undefined;
}

function accept(
  { signers, demanded, onTrouble, onUntrusted }: ResultSearch,
  {
    key,
    answer,
    from,
  }: {
    readonly key: TaskKey;
    readonly answer: Extract<RemoteAction, { readonly kind: 'found' }>;
    readonly from: string;
  },
): FoundResult | undefined {
  let trusted: ActionResult | undefined;
  const signed: SignedRecord[] = [];
  for (const signer of signers) {
    const record = answer.signed?.find((each) => each.fingerprint === fingerprint(signer.key));
    if (record === undefined) continue;
    const result = trustedResult(record.text, key, [signer]);
    if (result === undefined) {
      onTrouble(
        `a result of ${key} from remote '${from}' is not what ${signer.name} has signed; it was not taken`,
      );
      continue;
    }
    // The order of the list decides, where members differ.
    trusted ??= result;
    if (sameOutputs(trusted, result)) signed.push(record);
  }
  if (trusted !== undefined) return { result: trusted, from, signed };
  if (demanded || answer.demandsSignatures === true) {
    onUntrusted(from, key);
    return undefined;
  }
  const { result } = answer;
  if (result.key === key) return { result, from, signed: [] };
  onTrouble(
    `the result of ${key} from remote '${from}' is that of another key, ${result.key}; it was not taken`,
  );
  return undefined;
}

const forWhoeverWaits = { signal: new AbortController().signal, onBytes: (): void => undefined };
