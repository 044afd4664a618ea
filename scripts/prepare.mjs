import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { compile } from './compile.mjs';
import { installDependencies } from './dependencies.mjs';
import { withLock } from './lock.mjs';

/** Root of the repository. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Everything that `npm start` and `npm test` need: packages, compiled sources, the native backend. Cheap when all is there. */
export async function prepare() {
  requireNode();
  await withLock(root, async () => {
    await installDependencies(root);
    await compile(root);
  });
  const { setUpNative } = await import(
    pathToFileURL(join(root, 'dist/vision/tensors/native/set-up.js')).href
  );
  await setUpNative({ log: (line) => console.error(line) });
}

/** Runs `work` to an exit code; a failure of the preparation is one line. */
export async function main(work) {
  try {
    process.exitCode = await work();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 3;
  }
}

/** Packages and compiled sources, without the native backend. */
export async function prepareSources() {
  requireNode();
  await withLock(root, async () => {
    await installDependencies(root);
    await compile(root);
  });
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new Error(`sweetspot needs Node 20.19 or newer; this is ${process.versions.node}.`);
  }
}
