import { parseDigest, parseTaskKey } from '../../cache/digest.ts';
import type { Digest } from '../../cache/digest.ts';
import type { Store } from '../../cache/store.ts';
import { chooseRecorded } from '../choose-recorded.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { columns, complain, say } from '../io.ts';
import type { Io } from '../io.ts';
import { prepareStore } from '../prepare.ts';
import type { RunChoiceFlags } from '../flags.ts';
import { formatBytes, formatDuration } from '../progress/duration.ts';

/** What a task made (by address), or what lies under a digest: an artifact's files, an action, a result. */
export async function showCommand(request: {
  readonly what: string;
  readonly flags: RunChoiceFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { what, flags, io } = request;
  const digest = parseDigest(what);
  if (digest !== undefined) {
    const ready = await prepareStore({ flags, io });
    return ready.kind === 'exit'
      ? ready.code
      : showDigest({ digest, store: ready.store, json: flags.json === true, io });
  }
  const chosen = await chooseRecorded({ address: what, flags, io });
  if (chosen.kind === 'exit') return chosen.code;
  if (flags.json === true) {
    say(
      io,
      JSON.stringify(
        await Promise.all(
          chosen.tasks.map(async (task) => ({ ...task, result: await resultOf(chosen.store, task.key) })),
        ),
        null,
        2,
      ),
    );
    return exitCode.done;
  }
  for (const task of chosen.tasks) {
    say(io, `${task.task}  ${task.state}`);
    if (task.key !== undefined) say(io, `  key  ${task.key}`);
    const result = await resultOf(chosen.store, task.key);
    if (result !== undefined) {
      const { startedAt, durationMs, deviceClass, backend, peakMemoryBytes } = result.provenance;
      const peak = peakMemoryBytes === undefined ? '' : `, peak ${formatBytes(peakMemoryBytes)}`;
      say(io, `  made ${startedAt} in ${formatDuration(durationMs)} on ${deviceClass} (${backend})${peak}`);
    }
    for (const [output, outputDigest] of Object.entries(task.outputs)) {
      say(io, `  ${output}  ${outputDigest}`);
      await showFiles({ digest: outputDigest, store: chosen.store, io });
    }
  }
  return exitCode.done;
}

async function resultOf(store: Store, key: string | undefined) {
  const taskKey = key === undefined ? undefined : parseTaskKey(key);
  const found = taskKey === undefined ? undefined : await store.actions.get(taskKey);
  return found?.kind === 'found' ? found.result : undefined;
}

async function showDigest(request: {
  readonly digest: Digest;
  readonly store: Store;
  readonly json: boolean;
  readonly io: Io;
}): Promise<ExitCode> {
  const { digest, store, json, io } = request;
  const result = await resultOf(store, digest);
  const action = await store.blobs.read(digest);
  if (result !== undefined)
    say(
      io,
      JSON.stringify(
        { action: action.kind === 'found' ? (JSON.parse(text(action.bytes)) as unknown) : undefined, result },
        null,
        2,
      ),
    );
  else if (!json && (await showFiles({ digest, store, io }))) return exitCode.done;
  else if (action.kind === 'found') io.out.write(action.bytes);
  else {
    complain(io, `nothing lies under ${digest} here`);
    return exitCode.usage;
  }
  return exitCode.done;
}

async function showFiles(request: {
  readonly digest: Digest;
  readonly store: Store;
  readonly io: Io;
}): Promise<boolean> {
  const found = await request.store.artifacts.manifest(request.digest);
  if (found.kind !== 'found') return false;
  say(
    request.io,
    columns(found.manifest.files.map((file) => [`    ${file.path}`, formatBytes(file.size), file.sha256])),
  );
  return true;
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
