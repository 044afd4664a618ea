import { Option } from 'commander';
import type { Command } from 'commander';

/** Of commands that read a study. */
export function study(command: Command): Command {
  return command
    .addOption(repeatable('--param <name=value>', 'set a parameter of the study'))
    .addOption(repeatable('--data <name=path>', 'where a data set lies on this machine'))
    .option('--smoke', 'run every task on 8 images and one step, under keys of its own')
    .option('--remote <name>', 'use this remote alone (default: all of the configuration)')
    .option('--no-remote', 'ask no remote, and bring nothing to any')
    .addOption(cacheOption())
    .option('--read-only', 'only read that store; what is missing goes to .sweetspot here');
}

/** Of commands that can be had for a part of a study. */
export function narrowed(command: Command): Command {
  return command.addOption(
    repeatable('--only <address>', 'only these tasks and what they need, e.g. lrr/retrain@seed=0'),
  );
}

/** Of commands that compute. */
export function machine(command: Command): Command {
  return command
    .option(
      '--slots <slots>',
      'where tasks run: cpu:2, gpu:0,gpu:1, gpu:0/4 (default: what this machine has)',
    )
    .addOption(new Option('--backend <name>', 'tensor backend').choices(['tensorflow', 'wasm', 'cpu']));
}

/** An option whose values add up. */
export function repeatable(flags: string, description: string): Option {
  return new Option(flags, description)
    .default([], 'none')
    .argParser((value: string, before: readonly string[]) => [...before, value]);
}

export function cacheOption(): Option {
  return new Option('--cache <dir>', 'the store (default: .sweetspot in the workspace, or $SWEETSPOT_CACHE)');
}

/** Of commands that read or change a store. */
export function inStore(command: Command): Command {
  return command.addOption(cacheOption());
}

/** Of commands about a run that is recorded. */
export function ofRun(command: Command): Command {
  return inStore(command).option('--run <run>', 'of this run (default: the latest)');
}
