import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** TensorFlow's release whose libraries are used. */
export const TENSORFLOW_VERSION = '2.21.0';
/** Release of the npm package that binds them. */
export const BINDING_VERSION = '4.22.0';
export const BINDING_PACKAGE = '@tensorflow/tfjs-node-gpu';

/** With or without the CUDA libraries. */
export type NativeVariant = 'cpu' | 'cuda';

/** Folder of all native builds of this user: one for each version, platform and variant, shared by all clones. */
export function nativeRoot(env: NodeJS.ProcessEnv = process.env): string {
  const chosen = env['SWEETSPOT_NATIVE_DIR'];
  if (chosen !== undefined && chosen !== '') return chosen;
  const cache = env['XDG_CACHE_HOME'];
  // The XDG rules say that a relative path is to be ignored.
  const base = cache !== undefined && isAbsolute(cache) ? cache : join(homedir(), '.cache');
  return join(base, 'sweetspot', 'native');
}

/** Folder of one build. */
export function nativeDir(variant: NativeVariant, root: string = nativeRoot()): string {
  return join(root, `tensorflow-${TENSORFLOW_VERSION}-${process.platform}-${process.arch}-${variant}`);
}

/** The compiled binding, beside the libraries that it loads. */
export function addonFile(dir: string): string {
  return join(dir, 'tensorflow', 'tfjs_binding.node');
}

/** Written last: the facts of a finished, test-loaded build. */
export function stampFile(dir: string): string {
  return join(dir, 'native.json');
}

/** Where the npm packages go that the installation of sweetspot lost. */
export function fetchedPackages(root: string = nativeRoot()): string {
  return join(root, `npm-${BINDING_VERSION}`);
}
