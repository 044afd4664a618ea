import { readdirSync } from 'node:fs';
import { realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '../../cache/json.ts';
import { eventsOf, outputsOf } from '../end-to-end/runs.ts';
import { startSweetspot, temporaryFolder } from '../support/command.ts';
import type { Finished, Started } from '../support/command.ts';
import { holdAtSnapshot } from './held-training.ts';
import type { HeldTraining } from './held-training.ts';
import { killAll, processesIn } from './processes.ts';
import { pause } from './rig.ts';

const epochs = 6;
const short = { epochs, batch: 2 };
/** AdamW, mixup and clipping are the small transformers' own. */
const transformer = {
  ...short,
  accumulate: 2,
  cutmix: 1,
  ema: { decay: 0.9, every: 2 },
  warmup: { kind: 'linear', epochs: 1, factor: 0.1 },
};

/** A small model of each family, with a recipe that keeps all that there is to keep. */
export const killedModels: { readonly [model: string]: JsonObject } = {
  resnet8: short,
  vit_mini_4: transformer,
  swin_v2_mini: { ...transformer, micro_batch: 1 },
};

/** A folder in which one model is trained, by the real command. */
export interface TrainingRig extends AsyncDisposable {
  readonly model: string;
  /** `cache` names a store in the folder. */
  start(cache: string, env?: NodeJS.ProcessEnv): Started;
  /** Has a training of that store stop in its tracks, once, as it is about to have so many snapshots. */
  holdAt(cache: string, snapshot: number): HeldTraining;
  /** How many snapshots the store has ever had. */
  snapshots(cache: string): number;
  killAll(): Promise<void>;
}

export async function openTrainingRig(model: string): Promise<TrainingRig> {
  const folder = await temporaryFolder();
  // As processes see it, whose folders are compared with it.
  const dir = await realpath(folder.path);
  const train = {
    uses: 'train',
    with: { model, data: '${{ data.train }}', recipe: killedModels[model]! },
  };
  const study = {
    study: 'killed',
    data: { train: { uses: 'shapes', split: 'train', count: 20 } },
    tasks: { trained: train },
  };
  await writeFile(join(dir, 'killed.yaml'), JSON.stringify(study));
  const rig: TrainingRig = {
    model,
    start: (cache, env = {}) =>
      startSweetspot(['run', 'killed.yaml', '--json', '--cache', join(dir, cache)], {
        ...{ cwd: dir, env },
        detached: true,
      }),
    holdAt: (cache, snapshot) => holdAtSnapshot(join(dir, cache), snapshot),
    snapshots: (cache) => Math.max(0, ...snapshotNumbers(join(dir, cache, 'partial'))),
    async killAll() {
      for (let left = processesIn(dir); left.length > 0; left = processesIn(dir)) {
        killAll(left);
        await pause(10);
      }
    },
    async [Symbol.asyncDispose]() {
      await rig.killAll();
      await folder[Symbol.asyncDispose]();
    },
  };
  return rig;
}

function snapshotNumbers(partial: string): readonly number[] {
  try {
    const names = readdirSync(partial, { recursive: true }).map(String);
    return names.flatMap((name) => /^[^/]+\/(\d+)$/.exec(name)?.slice(1).map(Number) ?? []);
  } catch {
    return [];
  }
}

/** What a training made, and how long it took. */
export interface Trained {
  readonly outputs: ReadonlyMap<string, object>;
  readonly durationMs: number;
  readonly epochMs: number;
}

/** The training that nothing disturbs. */
export async function trainUndisturbed(rig: TrainingRig): Promise<Trained> {
  const began = performance.now();
  const ended = await rig.start('undisturbed').finished;
  if (ended.code !== 0) throw new Error(`undisturbed, and still: ${ended.stderr}`);
  const done = eventsOf(ended.stdout).find((event) => event.kind === 'task-done')!;
  return {
    outputs: outputsOf(ended.stdout),
    durationMs: performance.now() - began,
    epochMs: done.durationMs / epochs,
  };
}

/** The moment of a kill. */
export interface KillMoment {
  /** So many snapshots of its attempt the training has not published by then: it is held before it does. */
  readonly holdAt: number;
  /** Resolves at that moment, or when the training is held, or the run has ended, before. */
  readonly arrival: (rig: TrainingRig, cache: string, isOver: () => boolean) => Promise<void>;
}

/**
 * So long after so many snapshots of this attempt (none: after its start), and not later than at the one after those: a machine that
 * has become faster since the time was measured, or looks on too seldom, lets nobody get away.
 */
export function afterSnapshots(count: number, durationMs: number): KillMoment {
  return {
    holdAt: count + 1,
    arrival: async (rig, cache, isOver) => {
      const due = rig.snapshots(cache) + count;
      while (!isOver() && rig.snapshots(cache) < due) await pause(1);
      const endMs = performance.now() + durationMs;
      while (!isOver() && performance.now() < endMs) await pause(1);
    },
  };
}

/**
 * A moment at a share of a run, in [0, 1): somewhere in its start and first epoch, which are a part of it as long as each
 * later epoch. Told by snapshots, so that a machine that has become slower or faster makes no difference.
 */
export function atShare(share: number, { durationMs, epochMs }: Trained): KillMoment {
  const epoch = Math.floor(share * epochs);
  const lengthMs = epoch === 0 ? durationMs - (epochs - 1) * epochMs : epochMs;
  return afterSnapshots(epoch, (share * epochs - epoch) * lengthMs);
}

export interface KilledTraining {
  /** Runs that were killed before they had ended. */
  readonly kills: number;
  /** Whether the last run went on from a snapshot. */
  readonly resumed: boolean;
  readonly outputs: ReadonlyMap<string, object>;
  readonly last: Finished;
}

/** Trains, killed with all of its processes at each of the moments in turn, and then to the end. */
export async function trainKilled(
  rig: TrainingRig,
  { cache, moments }: { readonly cache: string; readonly moments: readonly KillMoment[] },
): Promise<KilledTraining> {
  let kills = 0;
  for (const moment of moments) {
    const training = rig.holdAt(cache, moment.holdAt);
    await rm(training.mark, { force: true });
    const run = rig.start(cache, training.env);
    let ended = false;
    void run.finished.then(() => (ended = true));
    await moment.arrival(rig, cache, () => ended || training.isHeld());
    await rig.killAll();
    if ((await run.finished).signal === 'SIGKILL') kills += 1;
  }
  const last = await rig.start(cache).finished;
  const resumed = eventsOf(last.stdout).some((event) => event.kind === 'task-started' && event.resumed);
  return { kills, resumed, outputs: outputsOf(last.stdout), last };
}
