import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tools } from './contestant.ts';

/** The peers' versions. Installed once into `sweetspot-bench-peers` among the temporary files; another choice of versions is another folder. */
export const versions = {
  python: { doit: '0.37.0', dvc: '3.67.1', ninja: '1.13.2', snakemake: '9.27.1' },
  node: { nx: '24.0.6', turbo: '2.11.11', wireit: '0.14.13' },
} as const;

/** Installs what is not there yet. Throws where a package registry cannot be reached. */
export function installPeers(): Tools {
  const root = join(tmpdir(), 'sweetspot-bench-peers');
  const home = join(root, 'home');
  mkdirSync(home, { recursive: true });
  const pythonPackages = Object.entries(versions.python).map(([name, version]) => `${name}==${version}`);
  const nodePackages = Object.entries(versions.node).map(([name, version]) => `${name}@${version}`);
  once(root, 'python', pythonPackages, (folder) => {
    must('python3', ['-m', 'venv', folder]);
    must(join(folder, 'bin/python'), ['-m', 'pip', 'install', '--quiet', ...pythonPackages]);
  });
  once(root, 'node', nodePackages, (folder) => {
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    must('npm', ['install', '--no-audit', '--no-fund', '--silent', '--prefix', folder, ...nodePackages]);
  });
  return { python: join(root, 'python/bin'), node: join(root, 'node/node_modules/.bin'), home };
}

/** A Python environment of these packages alone; answers with the folder of its programs. */
export function installPython(name: string, packages: readonly string[]): string {
  const root = join(tmpdir(), 'sweetspot-bench-peers');
  mkdirSync(root, { recursive: true });
  once(root, name, packages, (folder) => {
    must('python3', ['-m', 'venv', folder]);
    must(join(folder, 'bin/python'), ['-m', 'pip', 'install', '--quiet', ...packages]);
  });
  return join(root, name, 'bin');
}

function once(root: string, name: string, packages: readonly string[], make: (folder: string) => void): void {
  const folder = join(root, name);
  const ready = join(root, `${name}: ${packages.join(' ')}`);
  if (existsSync(ready)) return;
  console.log(`installing ${packages.join(', ')} into ${folder}`);
  mkdirSync(folder, { recursive: true });
  make(folder);
  writeFileSync(ready, '');
}

function must(program: string, args: readonly string[]): void {
  const { status, error } = spawnSync(program, args, { stdio: 'inherit' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? String(status)}`);
}
