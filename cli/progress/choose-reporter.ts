import type { Store } from '../../cache/store.ts';
import type { Plan, PlannedTask } from '../../engine/plan/plan.ts';
import type { RunFlags } from '../flags.ts';
import { say } from '../io.ts';
import type { Io } from '../io.ts';
import { expectedDurations } from './expected-durations.ts';
import { isPainted } from './is-painted.ts';
import { plainReporter } from './plain.ts';
import { jsonReporter } from './reporter.ts';
import type { Reporter } from './reporter.ts';
import { RunProgress } from './run-progress.ts';
import { terminalReporter } from './terminal.ts';
import type { Watched } from './terminal.ts';
import { TimeLeft } from './time-left.ts';

/** Lines of JSON, lines of words, or a live picture: by what was asked for, and by where it goes. */
export function chooseReporter(request: {
  readonly plan: Pick<Plan, 'study' | 'file' | 'tasks' | 'graph'>;
  /** Those that the run will settle, in plan order. */
  readonly tasks: readonly PlannedTask[];
  readonly store: Store;
  readonly deviceClass: string;
  readonly flags: Pick<RunFlags, 'json' | 'plain'>;
  readonly io: Io;
  /** When the run began; default: now. */
  readonly startedMs?: number;
}): Reporter {
  const { plan, tasks, store, deviceClass, flags, io, startedMs = Date.now() } = request;
  if (flags.json === true) return jsonReporter((line) => say(io, line));
  const watch = (): Watched => ({
    progress: new RunProgress(tasks, plan.graph),
    timeLeft: new TimeLeft(tasks, plan.graph, () => expectedDurations({ store, plan, tasks, deviceClass })),
  });
  if (isPainted(flags, io)) return terminalReporter({ io, watch, startedMs });
  const bounded = flags.plain === true || io.err.isTTY;
  return plainReporter({ write: (line) => say(io, line), total: tasks.length, watch, bounded, startedMs });
}
