import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { build } from './build.ts';
import { provideBindingPackage } from './fetch-binding.ts';
import { checkSpace, gigabytes } from './free-space.ts';
import { hasNvidiaDriver } from './gpu-driver.ts';
import { tryGpu } from './gpu-trial.ts';
import { linkSolver } from './link-solver.ts';
import { nativeDir, TENSORFLOW_VERSION, type NativeVariant } from './place.ts';
import { stop, succeed, type SetUpProblem, type Step } from './problem.ts';
import { publishFolder } from './publish.ts';
import { findPython } from './python.ts';
import { nativeStatus, readStamp, type NativeStatus } from './status.ts';
import { nativeRecipe, type NativeRecipe } from './wheels.ts';

export interface SetUpRequest {
  /** Takes the lines for the user. */
  readonly log: (line: string) => void;
  /** Absent: with CUDA where an NVIDIA driver runs. */
  readonly variant?: NativeVariant;
}

export type SetUpResult =
  | {
      readonly kind: 'ready';
      readonly built: boolean;
      readonly status: NativeStatus & { readonly kind: 'ready' };
    }
  /** sweetspot computes with wasm here. */
  | { readonly kind: 'unavailable'; readonly problem: SetUpProblem };

/** What it means to go without: processor time of a ResNet-20 training step on each, one thread. */
const COST = 'it computes with WebAssembly instead, about six times slower';

/**
 * Makes TensorFlow's own libraries the backend: fetches them, compiles the binding, tries it, and puts it all into the
 * user's cache folder, where every clone and installation finds it. Does nothing where that has been done. Any number may
 * run at once. What cannot be had here is returned, and told in one line; nothing is thrown for it.
 */
export async function setUpNative({ log, variant = detectVariant() }: SetUpRequest): Promise<SetUpResult> {
  const before = nativeStatus([variant]);
  if (before.kind === 'ready') {
    // For builds from before the link was made.
    if (variant === 'cuda') await linkSolver(before.dir);
    return { kind: 'ready', built: false, status: before };
  }
  const step = await provide(variant, log);
  if (!step.ok) {
    const { why, mend } = step.problem;
    log(`TensorFlow cannot be used: ${why}; ${COST}. To mend it: ${mend}, then run \`sweetspot setup\`.`);
    return { kind: 'unavailable', problem: step.problem };
  }
  const status = nativeStatus([variant]);
  if (status.kind === 'missing')
    throw new Error(`The finished build in ${status.dir} is not found: ${status.reason}.`);
  return { kind: 'ready', built: true, status };
}

function detectVariant(): NativeVariant {
  return hasNvidiaDriver() && nativeRecipe('cuda') !== undefined ? 'cuda' : 'cpu';
}

async function provide(variant: NativeVariant, log: (line: string) => void): Promise<Step<void>> {
  const recipe = nativeRecipe(variant);
  if (recipe === undefined) {
    const platform = `${process.platform}-${process.arch}`;
    const mend = 'use Linux on x64 or arm64, or macOS on Apple silicon';
    return stop({ kind: 'platform', why: `TensorFlow has no ${variant} libraries for ${platform}`, mend });
  }
  const target = nativeDir(variant);
  try {
    const whole = readStamp(target) !== undefined;
    const python = whole ? undefined : await findPython();
    if (python?.ok === false) return python;
    await mkdir(dirname(target), { recursive: true });
    log(`Setting up TensorFlow ${TENSORFLOW_VERSION} in ${target}, once for this user:`);
    const bindingPackage = await provideBindingPackage(log);
    if (!bindingPackage.ok) return bindingPackage;
    if (python === undefined) return succeed(undefined);
    return await buildInto(target, {
      recipe,
      python: python.value,
      bindingPackage: bindingPackage.value,
      log,
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return stop({ kind: 'files', why: `a file could not be written (${message})`, mend: 'see the message' });
  }
}

interface Inputs {
  readonly recipe: NativeRecipe;
  readonly python: string;
  readonly bindingPackage: string;
  readonly log: (line: string) => void;
}

async function buildInto(target: string, inputs: Inputs): Promise<Step<void>> {
  const { recipe, log } = inputs;
  const space = await checkSpace(dirname(target), recipe);
  if (!space.ok) return space;
  log(
    `  downloads ${describeDownload(recipe)}, keeps ${gigabytes(recipe.unpackedBytes)}, compiles its binding`,
  );

  await sweepAbandoned(target);
  const staging = `${target}.tmp-${randomUUID()}`;
  const startedMs = Date.now();
  try {
    await mkdir(staging);
    const built = await build({ ...inputs, dir: staging });
    if (!built.ok) return built;
    await publishFolder(staging, { to: target, isWhole: (dir) => readStamp(dir) !== undefined });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  if (recipe.variant === 'cuda' && hasNvidiaDriver()) log(`  ${await describeGpu(target)}`);
  log(`  done in ${((Date.now() - startedMs) / 1000).toFixed(0)} s`);
  return succeed(undefined);
}

async function describeGpu(dir: string): Promise<string> {
  const trial = await tryGpu(dir);
  return trial.kind === 'used'
    ? 'computes on the GPU'
    : `TensorFlow does not use the GPU: ${trial.why}; it computes on the CPU until that is mended`;
}

function describeDownload({ tensorflow, cuda, downloadBytes }: NativeRecipe): string {
  const name = `${tensorflow.project} ${tensorflow.version}`;
  const size = gigabytes(downloadBytes);
  return cuda.length === 0
    ? `${name} (Python wheel, PyPI, ${size})`
    : `${name} and ${cuda.length} CUDA libraries of NVIDIA (Python wheels, PyPI, ${size})`;
}

/** Removes what set-ups left behind that were killed; a living one is never a day old. */
async function sweepAbandoned(target: string): Promise<void> {
  const dayMs = 24 * 3600 * 1000;
  for (const entry of await readdir(dirname(target))) {
    if (!entry.startsWith(`${basename(target)}.`)) continue;
    const path = join(dirname(target), entry);
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > dayMs) await rm(path, { recursive: true, force: true });
  }
}
