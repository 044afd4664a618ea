import { Command, CommanderError } from 'commander';
import { exitCode } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import { helpText } from './examples.ts';
import { addAdoptCommand } from './grammar/adopt-command.ts';
import type { Grammar } from './grammar/grammar.ts';
import { addMachineCommands } from './grammar/machine-commands.ts';
import { addRunCommands } from './grammar/run-commands.ts';
import { addStoreCommands } from './grammar/store-commands.ts';
import { addStudyCommands } from './grammar/study-commands.ts';
import { addTransferCommands } from './grammar/transfer-commands.ts';
import { addTrustCommands } from './grammar/trust-commands.ts';
import { commandIn, sayUsageError } from './grammar/usage-errors.ts';
import type { Io } from './io.ts';
import { packageVersion } from './version.ts';

/** The `sweetspot` command: its grammar. Each command's code is loaded when it is called. */
export function buildProgram(io: Io): { run(argv: readonly string[]): Promise<ExitCode> } {
  let outcome: ExitCode = exitCode.done;
  const does =
    <A extends unknown[]>(action: (...args: A) => Promise<ExitCode>) =>
    async (...args: A): Promise<void> => {
      outcome = await action(...args);
    };

  let called = '';
  const program = new Command('sweetspot')
    .description('Runs pruning studies on vision models: one YAML file in, one report out.')
    .version(packageVersion(), '-V, --version')
    .configureOutput({
      writeOut: (text) => void io.out.write(text),
      writeErr: (text) => void io.err.write(text),
      outputError: (text) => sayUsageError({ text, io, called }),
    })
    .configureHelp({ showGlobalOptions: true })
    .option('--no-color', 'without colours, as with NO_COLOR in the environment')
    .showSuggestionAfterError()
    .exitOverride();

  const grammar: Grammar = { program, io, does };
  addStudyCommands(grammar);
  addRunCommands(grammar);
  addAdoptCommand(grammar);
  const cache: Grammar = {
    ...grammar,
    program: program.command('cache').description('look after the store'),
  };
  addStoreCommands(cache);
  addTrustCommands(cache);
  addTransferCommands(cache);
  addMachineCommands(grammar);

  addHelp(program, '');
  program
    .command('completion <shell>')
    .description('what makes a shell complete commands, addresses and runs: bash, zsh or fish')
    .action(
      does(async (shell: string) =>
        (await import('./commands/completion.ts')).completionCommand({ shell, io }),
      ),
    );
  program
    .command('__complete <shell> [words...]', { hidden: true })
    .action(
      does(async (shell: string, words: readonly string[]) =>
        (await import('./commands/completion.ts')).completeCommand({ program, shell, words, io }),
      ),
    );

  program.addHelpText(
    'after',
    '\nFirst steps:\n  sweetspot run workflows/quickstart.yaml     a whole study on embedded data, in minutes\n  sweetspot plan STUDY                        what it would do\n  sweetspot doctor                            what this machine offers\n\nExit codes: 0 all done, 1 a task failed, 2 the study or command is wrong, 3 the machine is, 130 interrupted.',
  );

  return {
    async run(argv): Promise<ExitCode> {
      if (argv.length === 0) {
        program.outputHelp();
        return exitCode.done;
      }
      called = commandIn(program, argv);
      try {
        await program.parseAsync([...argv], { from: 'user' });
        return outcome;
      } catch (error) {
        // commander has printed its message already.
        if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.usage;
        throw error;
      }
    },
  };
}

/** Ends the help of each command with its notes and examples. */
function addHelp(command: Command, path: string): void {
  const text = helpText(path);
  if (text !== '') command.addHelpText('after', text);
  for (const inner of command.commands) addHelp(inner, `${path} ${inner.name()}`.trim());
}
