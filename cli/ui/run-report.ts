import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { registry } from '../registry.ts';
import { makePages, pageTasks } from '../report-now/make-pages.ts';
import { pagesFolder } from '../report-now/pages-folder.ts';
import type { RunWatch } from './run-watch.ts';

/** The report of what a run has so far, made when it is asked for and kept until there is more to show. */
export class RunReport {
  readonly #signal: AbortSignal;
  #made: { readonly version: string; readonly page: Promise<string | undefined> } | undefined;

  constructor(signal: AbortSignal) {
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
        outputsOf: (task) => watch.outputsOf(task),
        signal: this.#signal,
        onWarning: () => undefined,
      });
      const dir = made.kind === 'made' ? made.pages.get(first.id)?.outputs.get('page')?.dir : undefined;
      const name =
        dir === undefined ? undefined : (await readdir(dir)).find((each) => each.endsWith('.html'));
      return dir === undefined || name === undefined ? undefined : await readFile(join(dir, name), 'utf8');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}
