import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compileBinding, SYSTEM_COMPILERS, zigCompiler, type Compiler } from './compile.ts';
import { downloadWheel } from './download-wheel.ts';
import { linkSolver } from './link-solver.ts';
import { BINDING_VERSION, stampFile, TENSORFLOW_VERSION } from './place.ts';
import { stop, succeed, type Step } from './problem.ts';
import type { NativeStamp } from './status.ts';
import { testLoad } from './test-load.ts';
import { unpack } from './unpack.ts';
import { isNeededOfCuda, isNeededOfTensorflow, neededCount } from './wheel-contents.ts';
import { compilerWheel, type NativeRecipe, type Wheel } from './wheels.ts';

export interface BuildRequest {
  readonly recipe: NativeRecipe;
  /** An empty folder that becomes the build. */
  readonly dir: string;
  readonly python: string;
  readonly bindingPackage: string;
  readonly compilers?: readonly Compiler[];
  readonly log: (line: string) => void;
}

/** Downloads, compiles, tries and stamps one build. The folder holds nothing else in the end. */
export async function build(request: BuildRequest): Promise<Step<void>> {
  const { recipe, dir, python } = request;
  const scratch = join(dir, 'scratch');
  await mkdir(scratch, { recursive: true });

  for (const wheel of [recipe.tensorflow, ...recipe.cuda]) {
    const unpacked = await fetchAndUnpack(wheel, { recipe, dir, python, scratch });
    if (!unpacked.ok) return unpacked;
  }
  if (recipe.variant === 'cuda') await linkSolver(dir);
  const compiler = await compileWithAny(request, scratch);
  if (!compiler.ok) return compiler;
  const loaded = await testLoad(dir);
  if (!loaded.ok) return loaded;

  await rm(scratch, { recursive: true });
  const stamp: NativeStamp = {
    format: 1,
    tensorflow: TENSORFLOW_VERSION,
    binding: BINDING_VERSION,
    variant: recipe.variant,
    compiler: compiler.value,
    wheelSha256: recipe.tensorflow.sha256,
  };
  await writeFile(stampFile(dir), `${JSON.stringify(stamp, null, 2)}\n`);
  return succeed(undefined);
}

/** One wheel at a time, and away with it: together they would take twice the room. */
async function fetchAndUnpack(
  wheel: Wheel,
  {
    recipe,
    dir,
    python,
    scratch,
  }: {
    readonly recipe: NativeRecipe;
    readonly dir: string;
    readonly python: string;
    readonly scratch: string;
  },
): Promise<Step<void>> {
  const wheelDir = join(scratch, wheel.project);
  const file = await downloadWheel(wheel, { python, dir: wheelDir });
  if (!file.ok) return file;
  const isTensorflow = wheel === recipe.tensorflow;
  const names = await unpack(file.value, {
    into: dir,
    keep: (name) => (isTensorflow ? isNeededOfTensorflow(name, recipe) : isNeededOfCuda(name)),
  });
  await rm(wheelDir, { recursive: true });
  if (isTensorflow ? names.length === neededCount(recipe) : names.length > 0) return succeed(undefined);
  return stop({
    kind: 'files',
    why: `${wheel.project} lacks files that it should hold`,
    mend: 'report this',
  });
}

/** Tries the compilers in turn, at last the one from PyPI. Returns the name of the one that worked. */
async function compileWithAny(
  { recipe, dir, python, bindingPackage, log, compilers = SYSTEM_COMPILERS }: BuildRequest,
  scratch: string,
): Promise<Step<string>> {
  const inputs = { dir, bindingPackage, recipe, scratch };
  for (const compiler of compilers) {
    const compiled = await compileBinding(compiler, inputs);
    if (compiled.ok) return succeed(compiler.name);
  }
  const wheel = compilerWheel();
  if (wheel === undefined) {
    return stop({
      kind: 'compiler',
      why: 'there is no working C++ compiler',
      mend: 'install g++ or clang++',
    });
  }
  log(
    `  no working C++ compiler here: downloads ${wheel.project} ${wheel.version} (Python wheel, PyPI, 0.10 GB)`,
  );
  const file = await downloadWheel(wheel, { python, dir: join(scratch, 'wheel') });
  if (!file.ok) return file;
  await unpack(file.value, { into: scratch, keep: (name) => name.startsWith('ziglang/') });
  const zig = zigCompiler(scratch);
  const compiled = await compileBinding(zig, inputs);
  return compiled.ok ? succeed(zig.name) : compiled;
}
