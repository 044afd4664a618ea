import type { Command } from 'commander';
import { findRun } from '../../engine/run/find-run.ts';
import type { Candidate } from '../complete/candidate.ts';
import { complete } from '../complete/complete.ts';
import { completionScripts } from '../complete/scripts.ts';
import { namesOfRun, namesOfStudy } from '../complete/study-names.ts';
import type { StudyNames } from '../complete/study-names.ts';
import { brokenOff, wordsOf } from '../complete/words.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { complain } from '../io.ts';
import type { Io } from '../io.ts';
import { findWorkspace } from '../workspace.ts';
import type { Workspace } from '../workspace.ts';

/** Prints what a shell has to source. */
export function completionCommand({ shell, io }: { readonly shell: string; readonly io: Io }): ExitCode {
  if (shell === 'bash' || shell === 'zsh' || shell === 'fish') {
    io.out.write(completionScripts[shell]);
    return exitCode.done;
  }
  complain(io, `there is no completion for '${shell}'`, 'there is one for bash, zsh and fish');
  return exitCode.usage;
}

/** Answers a shell: one candidate a line, with its description after a tab where the shell shows any. */
export async function completeCommand(request: {
  readonly program: Command;
  readonly shell: string;
  readonly words: readonly string[];
  readonly io: Io;
}): Promise<ExitCode> {
  const { program, shell, io } = request;
  const [line = '', breaks = ''] = request.words;
  const words = shell === 'bash' ? wordsOf(line).slice(1) : request.words;
  let candidates: readonly Candidate[] = [];
  try {
    candidates = await complete(program, words, sourcesIn(io, words));
  } catch {
    // A shell in the middle of a line is no place for an error: whoever runs the command will hear of it.
  }
  const done = shell === 'bash' ? brokenOff(words.at(-1) ?? '', breaks) : '';
  for (const { value, description } of candidates) {
    const shown = shell === 'bash' || description === undefined ? '' : `\t${description}`;
    io.out.write(`${value.slice(done.length)}${shown}\n`);
  }
  return exitCode.done;
}

function sourcesIn(io: Io, words: readonly string[]): Parameters<typeof complete>[2] {
  const cacheDir = words.includes('--cache') ? words[words.indexOf('--cache') + 1] : undefined;
  let found: Promise<Workspace | undefined> | undefined;
  const workspace = (): Promise<Workspace | undefined> =>
    (found ??= findWorkspace({ cwd: io.cwd, data: [], cacheDir, env: io.env }).then((result) =>
      result.kind === 'found' ? result.workspace : undefined,
    ));
  const runsDir = async (): Promise<string> => `${(await workspace())?.storeDir ?? ''}/runs`;
  return {
    cwd: io.cwd,
    runsDir,
    names: async ({ study, run }) => {
      const dir = await runsDir();
      if (study === undefined) {
        const named = await findRun(dir, run ?? 'last');
        return named.kind === 'found' ? namesOfRun(dir, named.run) : { tasks: [], params: [], data: [] };
      }
      return namesOfStudy({
        file: study,
        cwd: io.cwd,
        runsDir: dir,
        plan: (file) => planned(file, workspace),
      });
    },
  };
}

async function planned(
  file: string,
  workspace: () => Promise<Workspace | undefined>,
): Promise<StudyNames | undefined> {
  // Loaded only where the study has to be planned: that takes longer than all the rest.
  const [{ registry }, { loadStudy }] = await Promise.all([
    import('../registry.ts'),
    import('../../engine/study/load-study.ts'),
  ]);
  const dataRoots = (await workspace())?.dataRoots ?? new Map<string, string>();
  const study = await loadStudy({ file, registry, dataRoots });
  if (study.kind === 'invalid') return undefined;
  const { tasks, params, data } = study.plan;
  return { tasks: [...tasks.values()], params: Object.keys(params), data: [...data.keys()] };
}
