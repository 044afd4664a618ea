import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { jsonProblem } from '../../../cache/canonical-json.ts';
import { registry } from '../../../cli/registry.ts';
import type { Plan } from '../../../engine/plan/plan.ts';
import type { Diagnostic } from '../../../engine/study/diagnostic.ts';
import { formatDiagnostics } from '../../../engine/study/format-diagnostics.ts';
import { loadStudy } from '../../../engine/study/load-study.ts';
import { repositoryRoot } from '../../support/shared.ts';
import { inventStudy } from '../formats/study.ts';
import type { Target } from '../target.ts';

const dataRoots = new Map(['voc', 'cifar10', 'imagenet', 'geirhos', 'images'].map((name) => [name, '/data']));

/** The study language: YAML, expressions, expansion. */
export const study: Target = {
  name: 'study',
  seeds: async () => {
    const folders = ['workflows', 'test/end-to-end/studies'];
    const files = await Promise.all(
      folders.map(async (folder) =>
        (await readdir(join(repositoryRoot, folder))).map((name) => join(folder, name)),
      ),
    );
    const studies = files.flat().filter((file) => file.endsWith('.yaml'));
    return Promise.all(studies.map((file) => readFile(join(repositoryRoot, file))));
  },
  invent: (random) => Buffer.from(inventStudy(random)),
  words: [
    '${{ ',
    ' }}',
    '${{ all.',
    'each: ',
    'matrix: { a: [1, 2] }',
    'repeat: ',
    'uses: ./other.yaml',
    '__proto__: ',
    'constructor',
    'toString',
    '&a ',
    '*a',
    '<<: *a',
    '? ',
    '- ',
    '[',
    '{',
    '|\n',
    '\t',
    '\0',
    '\ufeff',
    '!!binary ',
    '1e999',
    '99999999999999999999',
    '.map(x, [x, x])',
    '---\n',
  ],
  read: async (input) => {
    const text = Buffer.from(input).toString('utf8');
    const loaded = await loadStudy({ file: '/nowhere/study.yaml', text, registry, dataRoots });
    if (loaded.kind === 'planned') checkPlan(loaded.plan);
    else
      checkDiagnostics(
        loaded.diagnostics,
        formatDiagnostics(loaded.diagnostics, loaded.sources, { color: false }),
      );
  },
};

function checkPlan(plan: Plan): void {
  if (plan.graph.topologicalOrder().length !== plan.tasks.size) throw new Error('a plan in a circle');
  for (const { id, options, coordinates, facts } of plan.tasks.values()) {
    const problem = jsonProblem({ options, coordinates, facts });
    if (problem !== undefined)
      throw new Error(`${id} cannot be hashed: ${problem.path.join('.')} ${problem.problem}`);
  }
}

function checkDiagnostics(diagnostics: readonly Diagnostic[], shown: string): void {
  if (diagnostics.length === 0) throw new Error('refused without a reason');
  for (const { code, message, place, length } of diagnostics) {
    if (!/^[a-z-]+$/.test(code) || message === '') throw new Error(`a nameless error: ${code} ${message}`);
    if (message.length > 700) throw new Error(`a message of ${message.length} characters`);
    if (place.line < 1 || place.column < 1 || length < 1) throw new Error(`${code} stands nowhere`);
  }
  // Control characters are for terminals; format characters reorder what is read.
  if (/[^\P{C}\n\u{e000}-\u{f8ff}\p{Cn}\p{Cs}]/u.test(shown)) throw new Error('shows control characters');
}
