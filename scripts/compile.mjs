import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { bundle } from './bundle.mjs';
import { runProgram } from './run-program.mjs';

const ROOMS = ['cache', 'engine', 'vision', 'tasks', 'cli'];
const STAMP = 'dist/.sources';

/** Compiles the rooms to dist, and bundles the command, where a source has changed since the last time; without a change nothing is started. */
export async function compile(root) {
  const sources = ROOMS.flatMap((room) => filesBelow(join(root, room)));
  const fingerprint = fingerprintOf(root, sources);
  const stamp = join(root, STAMP);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint) return;

  // Without a stamp the last compilation did not end well; its notes on what it has written are not to be believed.
  if (!existsSync(stamp)) rmSync(join(root, 'dist'), { recursive: true, force: true });
  rmSync(stamp, { force: true });
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const code = await runProgram(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root });
  if (code !== 0) throw new Error('The sources do not compile.');
  copyAssets(root, sources);
  removeOrphans(root);
  await bundle(root);
  writeSchema(root);
  writeFileSync(stamp, fingerprint);
}

/** Size and time of every source, and the settings of compiler and bundler: cheap, and changes whenever the outcome may. */
function fingerprintOf(root, sources) {
  const hash = createHash('sha256');
  for (const name of ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json', 'scripts/bundle.mjs']) {
    hash.update(readFileSync(join(root, name)));
  }
  for (const file of sources) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${relative(root, file)}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function filesBelow(dir) {
  return readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** Files beside the sources that are read at run time, such as style sheets. */
function copyAssets(root, sources) {
  for (const file of sources.filter((name) => !['.ts', '.md', '.mjs'].includes(extname(name)))) {
    const target = join(root, 'dist', relative(root, file));
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(file, target);
  }
}

/** The schema that the workflows' first lines name, so that editors complete them. */
function writeSchema(root) {
  const program = [join(root, 'dist/cli/main.js'), 'schema'];
  const schema = execFileSync(process.execPath, program, { cwd: root, maxBuffer: 1 << 26 });
  writeFileSync(join(root, 'workflows/study.schema.json'), schema);
}

/** What a deleted source has left in dist must not be found by anything. */
function removeOrphans(root) {
  for (const room of ROOMS) {
    for (const file of filesBelow(join(root, 'dist', room))) {
      const source = join(root, relative(join(root, 'dist'), file)).replace(/(\.d\.ts|\.js)(\.map)?$/, '.ts');
      if (!existsSync(source)) rmSync(file, { force: true });
    }
  }
}
