import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { addonFile } from './place.ts';
import { stop, succeed, type Step } from './problem.ts';
import { lastLine, runCommand } from './run-command.ts';
import type { NativeRecipe } from './wheels.ts';

/** A C++ compiler: a program and the arguments that come first. */
export interface Compiler {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
}

/** The compilers that may be on PATH, best first. */
export const SYSTEM_COMPILERS: readonly Compiler[] = ['g++', 'clang++', 'c++'].map((name) => ({
  name,
  program: name,
  args: [],
}));

/** The compiler out of PyPI's `ziglang` wheel; it aims at the C library that TensorFlow itself needs. */
export function zigCompiler(dir: string): Compiler {
  return {
    name: 'zig',
    program: join(dir, 'ziglang', 'zig'),
    args: ['c++', '-target', 'x86_64-linux-gnu.2.27', '-s'],
  };
}

/** Compiles the binding of the npm package against the libraries in `dir/tensorflow`, beside which it comes to lie. */
export async function compileBinding(
  compiler: Compiler,
  {
    dir,
    bindingPackage,
    recipe,
    scratch,
  }: {
    readonly dir: string;
    readonly bindingPackage: string;
    readonly recipe: NativeRecipe;
    /** Zig keeps its caches there. */
    readonly scratch: string;
  },
): Promise<Step<void>> {
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(bindingPackage, 'binding', file));
  const result = await runCommand(
    compiler.program,
    [
      ...compiler.args,
      ...['-O2', '-std=c++17', '-DNAPI_VERSION=8', '-shared', '-fPIC'],
      ...['-I', join(dir, 'tensorflow', 'include'), '-I', nodeApiHeaders(), '-I', bindingPackage],
      ...sources,
      // By path: the libraries' own names go into the addon, and it finds them beside itself.
      ...recipe.libraries.map((library) => join(dir, 'tensorflow', library)),
      ...(process.platform === 'darwin'
        ? ['-Wl,-undefined,dynamic_lookup', '-Wl,-rpath,@loader_path']
        : ['-Wl,-rpath,$ORIGIN']),
      ...['-o', addonFile(dir)],
    ],
    { env: { ...process.env, ZIG_LOCAL_CACHE_DIR: scratch, ZIG_GLOBAL_CACHE_DIR: scratch } },
  );
  if (result.kind === 'done') return succeed(undefined);
  const detail = result.kind === 'failed' ? lastLine(result.output) : 'not on PATH';
  return stop({
    kind: 'compiler',
    why: `${compiler.name} could not compile the binding (${detail})`,
    mend: 'install g++ or clang++',
  });
}

function nodeApiHeaders(): string {
  const entry = createRequire(import.meta.url).resolve('node-api-headers/package.json');
  return join(dirname(entry), 'include');
}
