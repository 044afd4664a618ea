import { readFile, stat } from 'node:fs/promises';
import type { ActionResult } from '../../cache/action-store.ts';
import type { Digest, TaskKey } from '../../cache/digest.ts';
import type { Store } from '../../cache/store.ts';
import { parseEvents, readRunAbout, runNames } from './journal.ts';
import { linesWith } from './lines-with.ts';
import { runFolder } from './run-folder.ts';

/** What runs of one study, of one member, have had from the cache. */
export interface CacheUse {
  readonly study: string;
  /** As the configuration of whoever ran it says; absent where it says nothing. */
  readonly member?: string;
  readonly runs: number;
  /** Tasks whose result stood when they were needed. */
  readonly hits: number;
  /** Tasks that were computed. */
  readonly computed: number;
  /** Of the hits: how long computing them had taken, on devices of each sort. A run that is repeated is counted each time. */
  readonly savedGpuMs: number;
  readonly savedCpuMs: number;
  /** Size of the outputs of the hits, each artifact once a run. */
  readonly savedBytes: number;
}

export interface CacheUses {
  /** By study, and in it by member. */
  readonly uses: readonly CacheUse[];
  /** Runs that were not looked at: older than those whose journals together hold as much as there is patience for. */
  readonly runsLeftOut: number;
}

type Counted = { -readonly [P in keyof CacheUse]: CacheUse[P] };

const mostBytes = 500_000_000;

/** What the journals tell, the newest runs first. What cannot be read, or whose result is gone, saves nothing. */
export async function cacheUses(store: Store): Promise<CacheUses> {
  const uses = new Map<string, Counted>();
  const sizes = new Map<Digest, number>();
  let bytes = 0;
  let runsLeftOut = 0;
  for (const run of await runNames(store.runsDir)) {
    const about = await readRunAbout(store.runsDir, run);
    if (about === undefined || about.imported === true) continue;
    const { eventsFile } = runFolder(store.runsDir, run);
    bytes += await sizeOfFile(eventsFile);
    if (bytes > mostBytes) {
      runsLeftOut += 1;
      continue;
    }
    const name = JSON.stringify([about.study, about.member ?? null]);
    let use = uses.get(name);
    if (use === undefined) uses.set(name, (use = noUse(about.study, about.member)));
    use.runs += 1;
    const text = await readFile(eventsFile, 'utf8').catch(() => '');
    use.computed += parseEvents(linesWith(text, '"task-done"')).filter(
      ({ kind }) => kind === 'task-done',
    ).length;
    const seen = new Set<Digest>();
    for (const event of parseEvents(linesWith(text, '"task-cached"'))) {
      if (event.kind !== 'task-cached') continue;
      use.hits += 1;
      const found = store.actions.peek(event.key) ?? (await resultOf(store, event.key));
      if (found === undefined) continue;
      const { deviceClass, durationMs } = found.provenance;
      if (deviceClass.startsWith('gpu')) use.savedGpuMs += durationMs;
      else use.savedCpuMs += durationMs;
      for (const digest of Object.values(found.outputs)) {
        if (seen.has(digest)) continue;
        seen.add(digest);
        let size = sizes.get(digest);
        if (size === undefined) sizes.set(digest, (size = await sizeOfArtifact(store, digest)));
        use.savedBytes += size;
      }
    }
  }
  store.actions.refresh();
  const sorted = [...uses].sort(([a], [b]) => (a < b ? -1 : 1));
  return { uses: sorted.map(([, use]) => use), runsLeftOut };
}

function noUse(study: string, member: string | undefined): Counted {
  return {
    study,
    ...(member === undefined ? {} : { member }),
    runs: 0,
    hits: 0,
    computed: 0,
    savedGpuMs: 0,
    savedCpuMs: 0,
    savedBytes: 0,
  };
}

async function resultOf(store: Store, key: TaskKey): Promise<ActionResult | undefined> {
  const found = await store.actions.get(key);
  return found.kind === 'found' ? found.result : undefined;
}

async function sizeOfFile(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}

/** As its manifest tells; that outlives the files. */
async function sizeOfArtifact({ artifacts }: Store, digest: Digest): Promise<number> {
  const found = await artifacts.manifest(digest);
  return found.kind === 'found' ? found.manifest.files.reduce((sum, { size }) => sum + size, 0) : 0;
}
