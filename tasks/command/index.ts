import type { RunTask } from '../../engine/contract/task-context.ts';
import type { TaskKind } from '../../engine/contract/task-kind.ts';
import { identifyCommand } from './identify.ts';
import { commandOutputs, commandSchema, resolveCommand } from './options.ts';

/** Runs any program. What it reads undeclared cannot be seen, so it is not in the key; a sandbox hides it. */
export const command: TaskKind = {
  kind: 'command',
  summary: 'Runs a program in an empty folder with declared inputs, files and environment.',
  version: 1,
  options: commandSchema,
  inputs: {
    inputs: {
      source: 'artifact-map',
      optional: true,
      summary: 'Artifacts by name; the program finds each as the folder inputs/NAME.',
    },
  },
  outputs: commandOutputs,
  resources: { slots: 0, cpu: 1 },
  resolve: resolveCommand,
  traits: ({ options }) => ({ program: programOf(options['run']) }),
  identify: identifyCommand,
  load: async (): Promise<RunTask> => (await import('./run.ts')).runCommand,
};

function programOf(run: unknown): string {
  return Array.isArray(run) && typeof run[0] === 'string' ? run[0] : '';
}
