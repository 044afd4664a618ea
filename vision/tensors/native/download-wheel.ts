import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { stop, succeed, type Step } from './problem.ts';
import { lastLine, runCommand } from './run-command.ts';
import type { Wheel } from './wheels.ts';

/**
 * Fetches a wheel with pip, so that a mirror or proxy from the user's own configuration is used, and checks its SHA-256.
 * @param dir - a folder for this wheel alone
 * @returns the wheel's file
 */
export async function downloadWheel(
  wheel: Wheel,
  { python, dir }: { readonly python: string; readonly dir: string },
): Promise<Step<string>> {
  await mkdir(dir, { recursive: true });
  const result = await runCommand(python, ['-m', 'pip', 'download', ...pipArguments(wheel), '--dest', dir], {
    env: {
      ...process.env,
      PIP_DISABLE_PIP_VERSION_CHECK: '1',
      PIP_RETRIES: process.env['PIP_RETRIES'] ?? '2',
    },
  });
  const name = `${wheel.project} ${wheel.version}`;
  if (result.kind !== 'done') {
    const detail = result.kind === 'failed' ? lastLine(result.output) : 'pip did not start';
    return stop({
      kind: 'download',
      why: `pip could not download ${name} (${detail})`,
      mend: 'allow pip to reach PyPI or a mirror of it (PIP_INDEX_URL)',
    });
  }
  const file = (await readdir(dir)).find((entry) => entry.endsWith('.whl'));
  if (file === undefined || (await sha256(join(dir, file))) !== wheel.sha256) {
    return stop({
      kind: 'checksum',
      why: `${name} is not the file it should be (SHA-256 differs)`,
      mend: 'empty the cache of the package mirror',
    });
  }
  return succeed(join(dir, file));
}

function pipArguments({ project, version, platformTag, python }: Wheel): string[] {
  const abi =
    python === 'cp311' ? ['--python-version', '311', '--implementation', 'cp', '--abi', 'cp311'] : [];
  return [
    ...['--quiet', '--no-deps', '--only-binary=:all:', '--platform', platformTag, ...abi],
    `${project}==${version}`,
  ];
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}
