import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { registry } from '../registry.ts';
import { makePages, pageTasks } from '../report-now/make-pages.ts';
import { pagesFolder } from '../report-now/pages-folder.ts';
import type { RunWatch } from './run-watch.ts';
import { readRunSources } from '../../engine/run/run-sources.ts';
import { Dresser } from '../study-record/dresser.ts';
import type { Workspace } from '../workspace.ts';

/** The report of what a run has so far, made when it is asked for and kept until there is more to show. */
export class RunReport {
  readonly #workspace: Workspace;
  readonly #signal: AbortSignal;
  #made: { readonly version: string; readonly page: Promise<string | undefined> } | undefined;

  constructor(workspace: Workspace, signal: AbortSignal) {
    this.#workspace = workspace;
    this.#signal = signal;
  }

  /** Undefined where nothing of it is there. Asked again meanwhile, the one in the making answers both. */
  of(watch: RunWatch): Promise<string | undefined> {
    const version = watch.state(Date.now()).report ?? '';
    if (this.#made?.version !== version) {
      const made = { version, page: this.#make(watch) };
      this.#made = made;
      // What failed (no room, say) is tried again when it is next asked for.
      made.page.catch(() => {
        if (this.#made === made) this.#made = undefined;
      });
    }
    return this.#made.page;
  }

  async #make(watch: RunWatch): Promise<string | undefined> {
    const { store, view } = watch;
    const [first] = pageTasks(view.plan, registry);
    if (first === undefined) return undefined;
    const folder = await pagesFolder(store);
    try {
      const made = await makePages({
        ...{ plan: view.plan, registry, store, folder },
        wanted: [first.id],
        outputsOf: (task) => watch.resultOf(task)?.outputs,
        signal: this.#signal,
        onWarning: () => undefined,
      });
      const dir = made.kind === 'made' ? made.pages.get(first.id)?.outputs.get('page')?.dir : undefined;
      if (dir === undefined) return undefined;
      // Undressed it is still the report.
      await (await this.#dresserOf(watch)).of(first, 'page')?.dress(dir);
      const name = (await readdir(dir)).find((each) => each.endsWith('.html'));
      return name === undefined ? undefined : await readFile(join(dir, name), 'utf8');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async #dresserOf(watch: RunWatch): Promise<Dresser> {
    const { store, view, record } = watch;
    const { run, startedAt, end } = record;
    return new Dresser({
      ...{ plan: view.plan, registry, store, workspace: this.#workspace },
      sources: await readRunSources(store.runsDir, record),
      standing: (task) => {
        const result = watch.resultOf(task);
        return result && { key: result.key, isNew: result.kind === 'task-done' };
      },
      run: { run, startedAt, durationMs: end?.durationMs, slots: view.progress.slots },
    });
  }
}
