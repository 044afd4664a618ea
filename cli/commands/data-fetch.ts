import { resolve } from 'node:path';
import { exitCode, type ExitCode } from '../exit-codes.ts';
import type { DataFetchFlags } from '../flags.ts';
import { fetchDataSet, type Fetched } from '../fetch/fetch-data-set.ts';
import { recordName } from '../fetch/fetch-record.ts';
import { publishedDataSets, type PublishedDataSet } from '../fetch/published.ts';
import { listenForInterrupts } from '../interrupts.ts';
import { columns, complain, say, tell, type Io } from '../io.ts';
import { formatBytes, plural } from '../progress/duration.ts';
import { shownPath } from '../workspace.ts';

/** Downloads data sets by name; without names, says which there are. */
export async function dataFetchCommand(request: {
  readonly names: readonly string[];
  readonly flags: DataFetchFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { names, flags, io } = request;
  if (names.length === 0) {
    say(io, columns(publishedDataSets.map(({ name, summary }) => [name, summary])));
    return exitCode.done;
  }
  const sets = setsOf(names, flags);
  if (typeof sets === 'string') {
    complain(io, sets, 'sweetspot data fetch lists the names');
    return exitCode.usage;
  }
  const dir = resolve(io.cwd, flags.into);
  const interrupts = listenForInterrupts();
  let worst: ExitCode = exitCode.done;
  try {
    for (const set of sets) {
      tell(io, `${set.name}: from ${set.url}`);
      const onProgress = progressTeller(io, set.name);
      const result = await fetchDataSet({ set, dir, signal: interrupts.drainSignal, onProgress });
      const code = sayResult(io, { set, dir, result });
      if (code === exitCode.interrupted) return code;
      worst = Math.max(worst, code) as ExitCode;
    }
    return worst;
  } finally {
    interrupts.close();
  }
}

/** What to download, or what is wrong with the command line. */
function setsOf(names: readonly string[], flags: DataFetchFlags): readonly PublishedDataSet[] | string {
  const sets = names.flatMap((name) => {
    if (name === 'all') return publishedDataSets;
    return publishedDataSets.filter((each) => each.name === name);
  });
  const unknown = names.find(
    (name) => name !== 'all' && !publishedDataSets.some((each) => each.name === name),
  );
  if (unknown !== undefined) return `no published data set is called '${unknown}'`;
  if (flags.url === undefined && flags.sha256 === undefined) return sets;
  if (sets.length !== 1) return '--url and --sha256 are of one data set';
  if (flags.sha256 !== undefined && !/^[0-9a-f]{64}$/i.test(flags.sha256))
    return '--sha256 takes 64 hexadecimal digits';
  if (flags.url !== undefined && !/^https?:\/\//.test(flags.url))
    return '--url takes an address with http:// or https://';
  const sum = flags.sha256 === undefined ? {} : { sha256: flags.sha256.toLowerCase() };
  const isZip = flags.url !== undefined && new URL(flags.url).pathname.toLowerCase().endsWith('.zip');
  const from =
    flags.url === undefined
      ? {}
      : { url: flags.url, archive: isZip ? ('zip' as const) : ('tar.gz' as const) };
  return [{ ...sets[0]!, ...from, ...sum }];
}

/** A line for each tenth, or for each 100 MB where the size is not known. */
function progressTeller(
  io: Io,
  name: string,
): (at: { readonly bytes: number; readonly of: number | undefined }) => void {
  let told = 0;
  return ({ bytes, of }) => {
    const step = of === undefined ? Math.floor(bytes / 1e8) : Math.floor((10 * bytes) / of);
    if (step <= told) return;
    told = step;
    tell(io, `${name}: ${formatBytes(bytes)}${of === undefined ? '' : ` of ${formatBytes(of)}`}`);
  };
}

function sayResult(
  io: Io,
  { set, dir, result }: { readonly set: PublishedDataSet; readonly dir: string; readonly result: Fetched },
): ExitCode {
  const place = shownPath(resolve(dir, set.name), io.cwd);
  switch (result.kind) {
    case 'there-already':
      say(io, `${place}  there already: ${plural(result.fetched.files, 'file')}`);
      return exitCode.done;
    case 'fetched': {
      const { files, bytes, sha256 } = result.fetched;
      say(io, `${place}  ${plural(files, 'file')}, ${formatBytes(bytes)}, SHA-256 ${sha256}`);
      say(io, `  ${checkedWords[result.checkedBy]}`);
      return exitCode.done;
    }
    case 'interrupted':
      tell(io, `${set.name}: stopped; the same command goes on from here`);
      return exitCode.interrupted;
    case 'wrong-bytes':
      complain(io, result.message, result.hint);
      return exitCode.taskFailed;
    case 'bad-archive':
      complain(io, `${set.url}: ${result.message}`, 'it was removed; nothing of it was put in place');
      return exitCode.taskFailed;
    case 'network':
      complain(
        io,
        result.message,
        'what came is kept: the same command goes on from there; --url names another place',
      );
      return exitCode.machine;
    case 'disk':
      complain(io, result.message, 'make room, or name another folder with --into');
      return exitCode.machine;
    case 'busy':
      complain(io, result.message, 'wait for it, or end it');
      return exitCode.machine;
    case 'in-the-way':
      complain(io, result.message, 'move it away, or name another folder with --into');
      return exitCode.machine;
  }
}

const checkedWords = {
  sum: 'as its stated sum says',
  record: `the same as the first time (${recordName})`,
  nothing: `no sum is published to compare it with: recorded in ${recordName}, later downloads have to be the same`,
} as const;
