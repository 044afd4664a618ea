import { Uploads } from '../../cache/remotes/uploads.ts';
import type { UploadTally } from '../../cache/remotes/uploads.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { TransferFlags } from '../flags.ts';
import { complain, say } from '../io.ts';
import type { Io } from '../io.ts';
import { prepare } from '../prepare.ts';
import { formatBytes, plural } from '../progress/duration.ts';
import { standingResults } from '../remotes/standing-results.ts';

/** Brings a study's results that stand here to the remotes that take them; what is there already is not sent again. */
export async function pushCommand(request: {
  readonly file: string;
  readonly flags: TransferFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { file, flags, io } = request;
  const ready = await prepare({ file, flags, io });
  if (ready.kind === 'exit') return ready.code;
  const { tiers } = ready;
  const takers = tiers?.tiered.openedRemotes.filter(({ push }) => push) ?? [];
  if (tiers === undefined || takers.length === 0) {
    complain(
      io,
      'no remote takes results',
      'in sweetspot.config.yaml: remotes: [{ name: team, directory: /mnt/team/.sweetspot, push: true }]',
    );
    return exitCode.usage;
  }
  const { local, troubles } = tiers;
  const standing = await standingResults({ ready, store: local, only: flags.only ?? [], io });
  if (standing === undefined) return exitCode.usage;
  const tallies = await Promise.all(
    takers.map(async (remote) => {
      const uploads = new Uploads({ local, remote, onTrouble: troubles.say });
      for (const key of standing.results.keys()) uploads.add(key);
      return await uploads.finish(Infinity);
    }),
  );
  for (const tally of tallies) say(io, `${tally.remote}: ${pushedText(tally)}`);
  if (standing.lacking > 0)
    say(
      io,
      `${plural(standing.lacking, 'task')} of the study ${standing.lacking === 1 ? 'has' : 'have'} no result yet`,
    );
  return tallies.some(({ missing }) => missing > 0) ? exitCode.machine : exitCode.done;
}

function pushedText({ results, stood, sentBlobs, sentBytes, missing }: UploadTally): string {
  const parts = [
    `${plural(results - stood, 'result')} brought`,
    `${stood} there already`,
    `${plural(sentBlobs, 'blob')} sent (${formatBytes(sentBytes)})`,
    missing > 0 ? `${missing} missing` : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}
