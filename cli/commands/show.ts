import { findDigests, shortestPrefix } from '../../cache/upkeep/find-digests.ts';
import { parseDigest } from '../../cache/digest.ts';
import type { Digest } from '../../cache/digest.ts';
import type { JsonObject } from '../../cache/json.ts';
import type { Store } from '../../cache/store.ts';
import { findSightings } from '../../engine/run/sightings.ts';
import { chooseRecorded } from '../choose-recorded.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { colours, columns, complain, say } from '../io.ts';
import type { Io } from '../io.ts';
import { jsonFormat } from '../json-format.ts';
import { sayDocument } from '../say-json.ts';
import { prepareStore } from '../prepare.ts';
import type { RunChoiceFlags } from '../flags.ts';
import { formatBytes } from '../progress/duration.ts';
import { recordedRun } from '../recorded-run.ts';
import { fileLines, outputSummary, runLines, sheetLines, short } from '../sheet-text.ts';
import { recordedCommand } from '../study-record/recorded-command.ts';
import { sheetOutput, taskSheet } from '../task-sheet.ts';
import type { TaskSheet } from '../task-sheet.ts';
import { taskRows, taskTable } from '../task-table.ts';
import type { Workspace } from '../workspace.ts';

/** Up to as many tasks are shown in full; of more, a row each. */
const mostInFull = 3;
/** What is longer than this is not printed to a terminal. */
const mostPrinted = 1_000_000;

/** What a task made and from what (by address or key), or what lies under a digest: an artifact, an action, a file. */
export async function showCommand(request: {
  readonly what: string;
  readonly flags: RunChoiceFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { what, flags, io } = request;
  if (/^[0-9a-f]+$/.test(what) && what.length >= shortestPrefix) {
    const ready = await prepareStore({ flags, io });
    if (ready.kind === 'exit') return ready.code;
    const named = await digestNamed(ready.store, what);
    const { store, workspace } = ready;
    if (named !== undefined) return showDigests({ said: what, named, store, workspace, flags, io });
    if (parseDigest(what) !== undefined) {
      complain(io, `nothing lies under ${what} here`, 'another store may hold it: --cache DIR');
      return exitCode.usage;
    }
  }
  const chosen = await chooseRecorded({ address: what, flags, io });
  if (chosen.kind === 'exit') return chosen.code;
  const { tasks, store, workspace, run } = chosen;
  if (flags.json !== true && tasks.length > mostInFull) {
    say(io, taskTable(await taskRows(store, tasks)));
    say(io, colours.dim('\nfor all that is known of one: sweetspot show ADDRESS'));
    return exitCode.done;
  }
  const study = await recordedCommand({ store, run, workspace, cwd: io.cwd });
  const sightings = tasks.length <= mostInFull;
  const sheets: TaskSheet[] = [];
  for (const task of tasks) sheets.push(await taskSheet({ store, run, task, study, sightings }));
  saySheets(sheets, flags, io);
  return exitCode.done;
}

function saySheets(sheets: readonly TaskSheet[], flags: RunChoiceFlags, io: Io): void {
  if (flags.json === true) {
    sayDocument(io, { format: jsonFormat, kind: 'tasks', tasks: sheets });
    return;
  }
  const width = io.out.isTTY ? io.out.columns : Infinity;
  say(io, sheets.map((sheet) => sheetLines(sheet, width).join('\n')).join('\n\n'));
}

interface Named {
  readonly digest: Digest;
  /** Whether a result stands under it as a key. */
  readonly isKey: boolean;
}

/** Everything whose name begins so; undefined where nothing does. */
async function digestNamed(store: Store, prefix: string): Promise<readonly Named[] | undefined> {
  const { blobs, keys } = await findDigests(store, prefix);
  const named = new Map<string, Named>();
  for (const digest of blobs) named.set(digest, { digest, isKey: false });
  for (const key of keys) named.set(key, { digest: key as string as Digest, isKey: true });
  return named.size === 0 ? undefined : [...named.values()];
}

async function showDigests(request: {
  readonly said: string;
  readonly named: readonly Named[];
  readonly store: Store;
  readonly workspace: Workspace;
  readonly flags: RunChoiceFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { said, named, store, flags, io } = request;
  const [only, ...others] = named;
  if (only !== undefined && others.length === 0)
    return only.isKey ? showKey(only.digest, request) : showBlob(only.digest, store, flags, io);
  complain(io, `'${said}' is how ${named.length} digests begin`, 'say more of the one that is meant:');
  const rows = [];
  for (const { digest, isKey } of named.slice(0, 20))
    rows.push([
      `  ${digest}`,
      isKey ? 'a result' : (await isManifest(store, digest)) ? 'an artifact' : 'a file',
    ]);
  say(io, columns(rows));
  return exitCode.usage;
}

async function isManifest(store: Store, digest: Digest): Promise<boolean> {
  return (await store.artifacts.manifest(digest)).kind === 'found';
}

/** A key: the sheet of a task that had it, or else its result and action as they are stored. */
async function showKey(
  key: Digest,
  { store, workspace, flags, io }: Parameters<typeof showDigests>[0],
): Promise<ExitCode> {
  const [seen] = await findSightings(store.runsDir, key);
  const run = seen === undefined ? undefined : await recordedRun(store, seen.run);
  const task = seen === undefined ? undefined : run?.tasks.get(seen.task);
  if (run !== undefined && task !== undefined) {
    const study = await recordedCommand({ store, run, workspace, cwd: io.cwd });
    saySheets([await taskSheet({ store, run, task, study, sightings: true })], flags, io);
    return exitCode.done;
  }
  const found = await store.actions.get(key as never);
  const action = await store.blobs.read(key);
  sayDocument(io, {
    format: jsonFormat,
    kind: 'result',
    ...(found.kind === 'found' ? { result: found.result } : {}),
    ...(action.kind === 'found' ? { action: JSON.parse(text(action.bytes)) as JsonObject } : {}),
  });
  return exitCode.done;
}

async function showBlob(digest: Digest, store: Store, flags: RunChoiceFlags, io: Io): Promise<ExitCode> {
  if (await isManifest(store, digest)) {
    const output = await sheetOutput(store, '', digest, {});
    const made = (await findSightings(store.runsDir, digest)).filter((each) => each.output !== undefined);
    const { files, sizeBytes, isComplete } = output;
    if (flags.json === true) {
      const madeBy = made.map(({ run, task, how, output: name }) => ({ run, task, output: name, how }));
      sayDocument(io, {
        ...{ format: jsonFormat, kind: 'artifact', digest, files, sizeBytes, isComplete, madeBy },
      });
      return exitCode.done;
    }
    const [first] = made;
    const name = first === undefined ? '' : `  ${colours.dim(`${first.task}.${first.output ?? ''}`)}`;
    say(io, `artifact ${colours.bold(short(digest))}${name}  ${outputSummary(output)}\n`);
    say(io, fileLines(output, '  ').join('\n'));
    if (made.length > 0) say(io, `\n${runLines(made).join('\n')}`);
    return exitCode.done;
  }
  const read = await store.blobs.read(digest);
  if (read.kind !== 'found') {
    complain(
      io,
      `${digest} cannot be read: it is ${read.kind}`,
      'sweetspot cache verify looks at all of them',
    );
    return exitCode.machine;
  }
  if (io.out.isTTY && (read.bytes.length > mostPrinted || read.bytes.includes(0))) {
    const size = formatBytes(read.bytes.length);
    complain(
      io,
      `${digest} is a file of ${size}, not text`,
      `sweetspot show ${short(digest).slice(0, 12)} > FILE`,
    );
    return exitCode.usage;
  }
  io.out.write(read.bytes);
  return exitCode.done;
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
