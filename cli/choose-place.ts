import type { AttemptRunner, RunnerParts } from '../engine/run/attempt-runner.ts';
import type { Slot } from '../engine/run/slots.ts';
import { exitCode } from './exit-codes.ts';
import type { MachineFlags, RunFlags } from './flags.ts';
import { complain } from './io.ts';
import type { Io } from './io.ts';
import type { NotReady } from './prepare.ts';
import { registry } from './registry.ts';
import { chooseSlots } from './slots.ts';
import { readSlurmConfig } from './slurm-config.ts';
import type { Workspace } from './workspace.ts';

export interface Place {
  readonly kind: 'place';
  /** Of this machine; none where tasks compute elsewhere. */
  readonly slots: readonly Slot[];
  readonly openRunner: ((parts: RunnerParts) => AttemptRunner) | undefined;
}

/** Tasks that compute beside the driver at a time: its host is often one where others work. */
const workersHere = 2;

/** Where the tasks of a run compute, as the command or the configuration says; or what is wrong with that said. */
export async function choosePlace(request: {
  readonly flags: Pick<RunFlags, 'executor'> & MachineFlags;
  readonly workspace: Workspace;
  readonly io: Io;
}): Promise<Place | NotReady> {
  const { flags, workspace, io } = request;
  if ((flags.executor ?? workspace.executor) === 'local') {
    const slots = await chooseSlots(flags.slots, io);
    return slots.kind === 'exit' ? slots : { kind: 'place', slots: slots.slots, openRunner: undefined };
  }
  if (flags.slots !== undefined) {
    complain(
      io,
      '--slots names slots of this machine, and the tasks run as jobs of a cluster',
      'leave it out; `slurm: { slot: … }` in sweetspot.config.yaml says what a slot is there',
    );
    return { kind: 'exit', code: exitCode.usage };
  }
  const config = workspace.slurm ?? readSlurmConfig(undefined);
  if (typeof config === 'string') throw new Error(config);
  const { openSlurmRunner } = await import('../engine/executors/slurm/open-slurm-runner.ts');
  const { hasSlurm, slurmCommands } = await import('../engine/executors/slurm/slurm-commands.ts');
  if (!hasSlurm(io.env['PATH'])) {
    complain(
      io,
      'no Slurm here: PATH has no sbatch',
      'run this on a node that submits jobs, or --executor local computes on this machine',
    );
    return { kind: 'exit', code: exitCode.machine };
  }
  const tellers = new Set(registry.kinds.flatMap(({ kind, anytime }) => (anytime === true ? [kind] : [])));
  return {
    kind: 'place',
    slots: [],
    openRunner: (run) =>
      openSlurmRunner({ config, commands: slurmCommands(), run, tellers, cores: workersHere }),
  };
}
