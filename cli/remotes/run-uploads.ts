import { Uploads } from '../../cache/remotes/uploads.ts';
import type { RunEvent } from '../../engine/run/events.ts';
import { tell } from '../io.ts';
import type { Io } from '../io.ts';
import { plural } from '../progress/duration.ts';
import type { Tiers } from './open-tiers.ts';

/** How long a run that is over waits for what is on its way. */
const mostWaitMs = 60_000;
/** As long in the case of one that was interrupted. */
const hurriedWaitMs = 2_000;
/** After this long, somebody who watches wonders. */
const silentMs = 1_000;

/** Brings what a run computes to the remotes that take it, while the run goes on. */
export class RunUploads {
  readonly #uploads: readonly Uploads[];
  readonly #study: string;
  readonly #io: Io;

  constructor({
    tiers,
    study,
    io,
  }: {
    readonly tiers: Tiers | undefined;
    readonly study: string;
    readonly io: Io;
  }) {
    this.#study = study;
    this.#io = io;
    this.#uploads = (tiers?.tiered.openedRemotes ?? [])
      .filter(({ push }) => push)
      .map((remote) => new Uploads({ local: tiers!.local, remote, onTrouble: tiers!.troubles.say }));
  }

  onEvent(event: RunEvent): void {
    if (event.kind === 'task-done') for (const each of this.#uploads) each.add(event.key);
  }

  /** Waits for what is on its way, within limits, and says what did not get there. */
  async finish({ hurried }: { readonly hurried: boolean }): Promise<void> {
    if (this.#uploads.length === 0) return;
    const told = setTimeout(
      () => tell(this.#io, 'waiting for results that are on their way to remotes; Ctrl-C leaves them'),
      silentMs,
    );
    const mostMs = hurried ? hurriedWaitMs : mostWaitMs;
    const tallies = await Promise.all(this.#uploads.map((each) => each.finish(mostMs)));
    clearTimeout(told);
    for (const { remote, missing } of tallies) {
      if (missing === 0) continue;
      tell(
        this.#io,
        `${plural(missing, 'result')} did not get to remote '${remote}': sweetspot cache push ${this.#study} brings the rest`,
      );
    }
  }
}
