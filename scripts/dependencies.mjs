import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from './run-program.mjs';

/** Installs the locked packages where node_modules is missing or of another lock. */
export async function installDependencies(root) {
  if (isInstalled(root)) return;
  console.error('Installing the packages of package-lock.json from the npm registry (about 0.4 GB).');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const code = await runProgram(npm, ['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: root,
    // npm's own output is no part of ours: what the command prints stays readable by programs.
    stdio: ['ignore', process.stderr.fd, process.stderr.fd],
  });
  if (code !== 0) throw new Error(`npm ci ended with code ${code}.`);
}

/** npm notes in node_modules what it installed; optional packages may be missing on a platform. */
function isInstalled(root) {
  const locked = packagesOf(join(root, 'package-lock.json'));
  const installed = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  if (locked === undefined || installed === undefined) return false;
  return Object.entries(locked).every(([path, wanted]) => {
    if (path === '' || wanted.optional === true || wanted.link === true) return true;
    const found = installed[path];
    return found !== undefined && found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
