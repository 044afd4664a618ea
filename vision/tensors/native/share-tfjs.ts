import Module, { createRequire } from 'node:module';

/** Node's own resolution, which has no public hook for `require` before Node 22.15. */
interface Resolver {
  _resolveFilename: (this: unknown, request: string, ...rest: readonly unknown[]) => string;
}

/**
 * Runs `load` with `require('@tensorflow/…')` inside the binding's package meaning our copies, wherever the package lies:
 * with a second copy its kernels would be registered in an engine that nobody uses.
 */
export function shareTfjs<T>(bindingPackage: string, load: () => T): T {
  const tfjs = createRequire(import.meta.url).resolve('@tensorflow/tfjs');
  const core = createRequire(tfjs).resolve('@tensorflow/tfjs-core');
  const shared = new Map([
    ['@tensorflow/tfjs', tfjs],
    ['@tensorflow/tfjs-core', core],
  ]);
  const resolver = Module as unknown as Resolver;
  const original = resolver._resolveFilename;
  resolver._resolveFilename = function (request, ...rest) {
    const parent = rest[0] as { filename?: string } | undefined;
    const fromBinding = parent?.filename?.startsWith(bindingPackage) === true;
    return (fromBinding ? shared.get(request) : undefined) ?? original.call(this, request, ...rest);
  };
  try {
    return load();
  } finally {
    resolver._resolveFilename = original;
  }
}
