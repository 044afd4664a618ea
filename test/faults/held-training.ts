import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Finished } from '../support/command.ts';
import { pause } from './rig.ts';

/** A training that stops in its tracks, so that what is to befall it comes neither too early nor too late, however busy the machine. */
export interface HeldTraining {
  /** For the processes of its run. */
  readonly env: NodeJS.ProcessEnv;
  /** A file that is there from when it stands still. */
  readonly mark: string;
  readonly isHeld: () => boolean;
  /** Resolves with the number of the worker once it stands still; rejects where the run ends before. */
  readonly held: (run: { readonly finished: Promise<Finished> }) => Promise<number>;
}

/** The first worker that is about to publish its so manieth snapshot in a store stops there, until it is sent SIGCONT. */
export function holdAtSnapshot(storeDir: string, snapshot: number): HeldTraining {
  const preload = fileURLToPath(new URL('stop-at-snapshot.cjs', import.meta.url));
  const mark = `${storeDir}.held`;
  const isHeld = (): boolean => existsSync(mark);
  return {
    env: {
      NODE_OPTIONS: `--require ${preload}`,
      SWEETSPOT_STOP_UNDER: join(storeDir, 'partial/'),
      SWEETSPOT_STOP_AT: String(snapshot),
      SWEETSPOT_STOP_MARK: mark,
    },
    ...{ mark, isHeld },
    held: async ({ finished }) => {
      let ended: Finished | undefined;
      void finished.then((end) => (ended = end));
      while (!isHeld()) {
        if (ended !== undefined) throw new Error(`it ended before: ${ended.stderr}${ended.stdout}`);
        await pause(10);
      }
      return Number(readFileSync(mark, 'utf8'));
    },
  };
}
