// npm run check:torch: what is exported is loaded by real PyTorch, and what PyTorch saves is imported. Needs a Python with
// torch and torchvision in $SWEETSPOT_BENCH_PYTHON.
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useTestBackend } from '../support/backend.ts';
import { checkExports } from './exports.ts';
import { checkImports } from './imports.ts';

const python = process.env['SWEETSPOT_BENCH_PYTHON'];
if (python === undefined) {
  console.error('Name a Python with torch and torchvision: SWEETSPOT_BENCH_PYTHON=… npm run check:torch');
  process.exit(2);
}
const dir = await mkdtemp(join(tmpdir(), 'check-torch-'));
try {
  const models = process.argv.slice(2);
  await useTestBackend();
  const exported = await checkExports(dir, models);
  const snippet = await documentedSnippet();
  const { status } = spawnSync(python, [join(import.meta.dirname, 'check_exports.py'), dir], {
    input: JSON.stringify({ models: exported, snippet }),
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  const imported = await checkImports(dir, { python, names: models });
  process.exitCode = status === 0 && imported ? 0 : 1;
} finally {
  await rm(dir, { recursive: true });
}

/** The Python of docs/weights.md, run as it stands there. */
async function documentedSnippet(): Promise<string> {
  const page = await readFile(join(import.meta.dirname, '../../docs/weights.md'), 'utf8');
  const [, snippet] = /```python\n([^]*?)```/.exec(page) ?? [];
  if (snippet === undefined) throw new Error('docs/weights.md shows no Python');
  return snippet;
}
