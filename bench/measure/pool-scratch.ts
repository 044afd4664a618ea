import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describedModel } from '../../vision/models/catalogue.ts';
import { imagenetClassesOf } from '../../vision/ood/imagenet-classes.ts';
import { freshState } from '../../vision/weights/fresh-state.ts';
import { writeSafetensors } from '../../vision/weights/write-safetensors.ts';
import { sweetspot } from '../ours.ts';
import { poolStudy } from '../studies.ts';
import { makeStimuli } from './make-stimuli.ts';
import type { Command } from './timed-run.ts';

/** What both sides of `bench/pool-evaluation.ts` work on, in one folder. */
export interface PoolRequest {
  readonly dir: string;
  readonly model: string;
  readonly members: number;
  /** Of each set. */
  readonly images: number;
}

/** Files in the folder: the sets, our store with the models and no evaluation, and the models as exported for PyTorch. */
export const poolFiles = {
  stimuli: 'stimuli',
  store: 'models',
  weights: 'weights',
  categories: 'categories.json',
} as const;

/** Makes the folder, once. */
export async function preparePool({ dir, model, members, images }: PoolRequest): Promise<void> {
  if (existsSync(join(dir, 'ready'))) return;
  console.log(`making ${images} images of each set and ${members} models in ${dir}`);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  await makeStimuli(join(dir, poolFiles.stimuli), images);
  const { layout, initialisation } = describedModel(model)!;
  const state = freshState({ entries: layout({ classes: 1000 }), initialisation, seed: 0 });
  await writeSafetensors(join(dir, 'dense.safetensors'), state, { format: 'pt' });
  writeFileSync(join(dir, 'study.yaml'), poolStudy({ model, members }));
  writeFileSync(join(dir, poolFiles.categories), JSON.stringify(imagenetClassesOf));
  must(poolRun(dir, poolFiles.store, ['--only', 'weights']));
  must(stored(dir, poolFiles.store, ['export', 'weights', poolFiles.weights]));
  writeFileSync(join(dir, 'ready'), '');
}

/** A run of the study on one CPU slot of all cores, with the store of that name. */
export function poolRun(dir: string, store: string, args: readonly string[]): Command {
  return stored(dir, store, ['run', 'study.yaml', '--data', 'geirhos=stimuli', '--slots', 'cpu:1', ...args]);
}

/** What was decided for each image of a set by the dense model, by the image's file name. */
export function ourDecisions(dir: string, store: string, set: string): ReadonlyMap<string, string> {
  const exported = join(dir, 'decisions');
  rmSync(exported, { recursive: true, force: true });
  must(stored(dir, store, ['export', `human@set=${set},pool=0`, exported]));
  const file = join(exported, 'scores/decisions.json');
  const { items, decisions } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly items: readonly string[];
    readonly decisions: readonly string[];
  };
  return new Map(items.map((item, index) => [item.slice(item.lastIndexOf('/') + 1), decisions[index]!]));
}

function stored(dir: string, store: string, args: readonly string[]): Command {
  const { argv, cwd } = sweetspot(dir, args);
  return { argv: argv.map((each) => (each === 'store' ? store : each)), cwd };
}

function must({ argv, cwd }: Command): void {
  const { status, stderr } = spawnSync(argv[0]!, argv.slice(1), { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${String(status)}: ${stderr}`);
}
