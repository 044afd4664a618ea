import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A Python with torch, torchvision and captum: the one that $SWEETSPOT_BENCH_PYTHON names, or one that is installed into
 * `sweetspot-bench-torch` among the temporary files (gigabytes, once).
 */
export function torchPython(): string {
  const given = process.env['SWEETSPOT_BENCH_PYTHON'];
  if (given !== undefined) return given;
  const folder = join(tmpdir(), 'sweetspot-bench-torch');
  const made = join(folder, 'bin/python');
  if (existsSync(join(folder, 'ready'))) return made;
  console.log(`installing PyTorch into ${folder}`);
  must('python3', ['-m', 'venv', folder]);
  must(made, ['-m', 'pip', 'install', '--quiet', 'torch', 'torchvision', 'captum']);
  must('touch', [join(folder, 'ready')]);
  return made;
}

function must(program: string, args: readonly string[]): void {
  const { status } = spawnSync(program, args, { stdio: 'inherit' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${String(status)}`);
}
