import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../cache/clock.ts';
import type { AttemptRunner } from './attempt-runner.ts';
import { Dispatcher } from './dispatcher.ts';
import { localExecutor } from './local-executor.ts';
import { usualPatience } from './patience.ts';
import type { Drafting } from './drafting.ts';
import type { RunFolder } from './run-folder.ts';
import type { RunOptions } from './run-options.ts';
import type { Happening } from './run-state.ts';
import type { Slot } from './slots.ts';
import type { StartOrder } from './start-order.ts';
import type { TaskTimes } from './task-times.ts';

/** What brings the attempts of a run to where they compute: as its options say, or slots of this host. */
export function openRunner(
  options: RunOptions,
  parts: {
    readonly clock: Clock;
    readonly slots: readonly Slot[];
    readonly folder: RunFolder;
    readonly emit: (event: Happening) => void;
  },
  {
    order,
    times,
    drafts,
  }: { readonly order: StartOrder; readonly times: TaskTimes; readonly drafts: Drafting },
): AttemptRunner {
  const { store, workerEntry } = options;
  const { clock, folder, emit } = parts;
  const execArgv = options.execArgv ?? process.execArgv;
  const patience = { ...usualPatience, ...options.patience };
  const onNotice = (message: string): void => emit({ kind: 'warning', message });
  const openHere = (slots: readonly Slot[], cores: number): AttemptRunner =>
    new Dispatcher({
      executor:
        options.executor ??
        localExecutor({
          workerEntry,
          execArgv,
          storeDir: store.root,
          storeBelow: store.below,
          signing: store.signing,
          sharing: store.sharing,
          remotes: store.remotes,
          leaseDir: options.leaseDir ?? join(tmpdir(), 'sweetspot-devices'),
          logsDir: folder.logsDir,
          environment: process.env,
        }),
      clock,
      slots,
      patience,
      cores,
      priorityOf: (task) => order.priorityOf(task),
      onQuarantined: (slot, reason) => emit({ kind: 'slot-quarantined', slot, reason }),
      onNotice,
    });
  if (options.openRunner === undefined) return openHere(parts.slots, options.cores ?? availableParallelism());
  return options.openRunner({
    ...{ store, folder, clock, patience, times, drafts, onNotice },
    worker: { entry: workerEntry, execArgv },
    openHere: (cores) => openHere([], cores),
  });
}
