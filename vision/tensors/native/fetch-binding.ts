import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findBindingPackage } from './binding-package.ts';
import { BINDING_PACKAGE, BINDING_VERSION, fetchedPackages } from './place.ts';
import { stop, succeed, type Step } from './problem.ts';
import { publishFolder } from './publish.ts';
import { lastLine, runCommand } from './run-command.ts';

interface PinnedPackage {
  readonly name: string;
  readonly version: string;
  /** npm's integrity: SHA-512 of the tarball, base64. */
  readonly sha512: string;
}

/** What of the binding runs here: itself and the protobuf reader that it requires. Its other dependencies are never loaded. */
const PACKAGES: readonly PinnedPackage[] = [
  {
    name: BINDING_PACKAGE,
    version: BINDING_VERSION,
    sha512: 'p//NN6DGiN4hInUmIkRffaFVMcdTREUMjPyjW04J7OXvB2zBlQimj61eFKSgRrH3f5TnOfKzb0n56he/B6a4bw==',
  },
  {
    name: 'google-protobuf',
    version: '3.21.4',
    sha512: 'MnG7N936zcKTco4Jd2PX2U96Kf9PxygAPKBug+74LHzmHXmceN16MmRcdgZv+DGef/S9YvQAfRsNCn4cjf9yyQ==',
  },
];

/** The folder of the binding's npm package; fetched from the npm registry where the installation lost it. */
export async function provideBindingPackage(log: (line: string) => void): Promise<Step<string>> {
  const found = findBindingPackage();
  if (found !== undefined) return succeed(found);
  log(`  downloads ${BINDING_PACKAGE} ${BINDING_VERSION} (npm packages, 0.3 MB): the source of the binding`);
  const target = fetchedPackages();
  const staging = `${target}.tmp-${randomUUID()}`;
  try {
    for (const wanted of PACKAGES) {
      const fetched = await fetchPackage(wanted, staging);
      if (!fetched.ok) return fetched;
    }
    await publishFolder(join(staging, 'packages'), { to: target, isWhole: isWholeFetch });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  const fetched = findBindingPackage();
  if (fetched === undefined) throw new Error(`${target} holds no ${BINDING_PACKAGE}.`);
  return succeed(fetched);
}

function isWholeFetch(dir: string): boolean {
  return PACKAGES.every(({ name }) => existsSync(join(dir, 'node_modules', name, 'package.json')));
}

async function fetchPackage({ name, version, sha512 }: PinnedPackage, staging: string): Promise<Step<void>> {
  const tarballs = join(staging, 'tarballs', name);
  const dir = join(staging, 'packages', 'node_modules', name);
  await mkdir(tarballs, { recursive: true });
  await mkdir(dir, { recursive: true });
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const packed = await runCommand(npm, ['pack', '--ignore-scripts', `${name}@${version}`], { cwd: tarballs });
  if (packed.kind !== 'done') {
    const detail = packed.kind === 'failed' ? lastLine(packed.output) : 'npm is not on PATH';
    return stop({
      kind: 'binding',
      why: `npm could not download ${name} ${version} (${detail})`,
      mend: 'allow npm to reach its registry',
    });
  }
  const file = join(tarballs, (await readdir(tarballs)).find((entry) => entry.endsWith('.tgz')) ?? '');
  if (
    createHash('sha512')
      .update(await readFile(file))
      .digest('base64') !== sha512
  ) {
    return stop({
      kind: 'checksum',
      why: `${name} ${version} is not the file it should be (SHA-512 differs)`,
      mend: 'empty the cache of the package mirror',
    });
  }
  const unpacked = await runCommand('tar', ['-xzf', file, '-C', dir, '--strip-components=1']);
  return unpacked.kind === 'done'
    ? succeed(undefined)
    : stop({ kind: 'binding', why: 'there is no working tar program', mend: 'install tar' });
}
