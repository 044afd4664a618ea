import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What starting the command needs at once; all other packages are loaded from node_modules when they are used. */
const inlined = ['@marcbachmann/cel-js', 'commander', 'p-limit', 'picocolors', 'yaml'];
const chunks = 'dist/chunks';
const chunkLifeMs = 30 * 24 * 3600 * 1000;

/**
 * Writes the command, its worker and the worker's threads as a few files in place of hundreds: finding and reading modules one by one takes
 * longer than planning thousands of tasks. What is imported on demand stays a file of its own, in dist/chunks.
 */
export async function bundle(root) {
  // Not at the top: this file is read before the packages are installed.
  const { build } = await import('esbuild');
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const packages = Object.keys({ ...dependencies, ...optionalDependencies });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: {
      'cli/main': 'cli/main.ts',
      'cli/worker': 'cli/worker.ts',
      'vision/data/threads/entry': 'vision/data/threads/entry.ts',
    },
    outdir: 'dist',
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: packages.filter((name) => !inlined.includes(name)),
    // Packages in the older module format ask for Node's own modules by `require`.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    metafile: true,
    logLevel: 'warning',
  });
  for (const name of ['cli/main', 'cli/worker', 'vision/data/threads/entry'])
    rmSync(join(root, `dist/${name}.js.map`), { force: true });
  writeFileSync(join(root, 'dist/licenses.txt'), licences(root, Object.keys(metafile.inputs)));
  removeOldChunks(root, new Set(Object.keys(metafile.outputs)));
}

/** A run that was started from an earlier build may still ask for its chunks. */
function removeOldChunks(root, written) {
  for (const name of readdirSync(join(root, chunks))) {
    const file = join(root, chunks, name);
    const isOld = Date.now() - statSync(file).mtimeMs > chunkLifeMs;
    if (isOld && !written.has(`${chunks}/${name}`)) rmSync(file, { force: true });
  }
}

/** The licences of what became part of the bundle. */
function licences(root, inputs) {
  const folders = inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []);
  return [...new Set(folders)]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
      const file = readdirSync(join(root, folder)).find((one) => /^licen[cs]e(\.|$)/i.test(one));
      const text = file === undefined ? '' : readFileSync(join(root, folder, file), 'utf8');
      return `${name} ${version} (${license})\n\n${text.trim()}\n`;
    })
    .join('\n\n');
}
