import pLimit from 'p-limit';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { TransferFlags } from '../flags.ts';
import { complain, say } from '../io.ts';
import type { Io } from '../io.ts';
import { prepare } from '../prepare.ts';
import { plural } from '../progress/duration.ts';
import { standingResults } from '../remotes/standing-results.ts';
import { complainOfStore } from '../store-trouble.ts';

/** How many results are fetched at a time. */
const atOnce = 4;

/** Fetches a study's results and every byte of them, as for a machine that will be on its own. */
export async function pullCommand(request: {
  readonly file: string;
  readonly flags: TransferFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { file, flags, io } = request;
  const ready = await prepare({ file, flags, io });
  if (ready.kind === 'exit') return ready.code;
  if (ready.tiers?.tiered.openedRemotes.some(({ pull }) => pull) !== true) {
    complain(
      io,
      'there is no remote to fetch from',
      'in sweetspot.config.yaml: remotes: [{ name: team, directory: /mnt/team/.sweetspot }]',
    );
    return exitCode.usage;
  }
  const { tiered } = ready.tiers;
  const standing = await standingResults({ ready, store: tiered, only: flags.only ?? [], io });
  if (standing === undefined) return exitCode.usage;
  const limit = pLimit(atOnce);
  const fetched = await Promise.all(
    [...standing.results.keys()].map((key) => limit(() => tiered.fetchAll(key))),
  );
  const failed = fetched.find((each) => each.kind === 'store-failure');
  if (failed !== undefined) {
    complainOfStore(io, failed);
    return exitCode.machine;
  }
  const partial = fetched.filter((each) => each.kind === 'partial').length;
  const came = [...tiered.uses().values()].reduce((sum, { hits }) => sum + hits, 0);
  const parts = [
    `${plural(standing.results.size, 'result')} here, ${came} of them fetched now`,
    partial > 0 ? `${partial} without all of their bytes, which are nowhere` : '',
    standing.lacking > 0 ? `${plural(standing.lacking, 'task')} without a result` : '',
  ];
  say(io, parts.filter((part) => part !== '').join('; '));
  return exitCode.done;
}
