import type { ActionResult } from '../action-store.ts';
import type { TaskKey } from '../digest.ts';
import type { SteadyRemote } from './steady-remote.ts';

export interface FoundResult {
  readonly result: ActionResult;
  /** Name of the remote that had it. */
  readonly from: string;
}

/** The result of a key from the first remote that has one. What is none of this key is named and passed over. */
export async function findResult(
  {
    remotes,
    onTrouble,
  }: {
    readonly remotes: readonly SteadyRemote[];
    readonly onTrouble: (message: string) => void;
  },
  key: TaskKey,
): Promise<FoundResult | undefined> {
  for (const remote of remotes) {
    if (!remote.pull || !remote.isUsed('pull')) continue;
    const answer = await remote.getAction(key, forWhoeverWaits);
    if (answer.kind === 'absent' || answer.kind === 'remote-failure') continue;
    if (answer.kind === 'found' && answer.result.key === key)
      return { result: answer.result, from: remote.name };
    const problem = answer.kind === 'found' ? `is that of another key, ${answer.result.key}` : answer.problem;
    onTrouble(`the result of ${key} from remote '${remote.name}' ${problem}; it was not taken`);
  }
  return undefined;
}

const forWhoeverWaits = { signal: new AbortController().signal, onBytes: (): void => undefined };
