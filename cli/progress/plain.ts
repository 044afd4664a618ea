import type { RunEvent } from '../../engine/run/events.ts';
import { plural, wholeSeconds } from './duration.ts';
import { eventLine, lastWords, stoppingText } from './event-line.ts';
import type { Reporter } from './reporter.ts';
import { settledOf } from './run-progress.ts';
import type { Watched } from './terminal.ts';
import { leftText } from './time-left.ts';

/** A study with more instances is told by task name rather than by instance. */
const mostInstances = 200;
/** Of one kind of trouble, this many are told one by one. */
const mostTold = 20;
/** Names in one line. */
const mostNames = 8;
/** The first summary comes after this long, each next after a tenth of the time that has passed, between these bounds. */
const summaryMs = { least: 30_000, most: 600_000 };

export interface PlainOptions {
  readonly write: (line: string) => void;
  /** How many instances the run will settle. */
  readonly total: number;
  /** Called when there is something to sum up. */
  readonly watch: () => Watched;
  /**
   * For whoever listens to it or reads along: never more than a few hundred lines. Without it (a file, a pipe) each
   * instance that runs has its lines, for `grep`.
   */
  readonly bounded: boolean;
  /** When the run began. Default: now. */
  readonly startedMs?: number;
}

/** Lines of words, each for itself: no cursor is moved, nothing is painted over, no glyph stands for a word. */
export function plainReporter(options: PlainOptions): Reporter {
  const { write, total, bounded, startedMs = Date.now() } = options;
  const byName = total > mostInstances;
  // Summed up as seldom as it is told: of a run that is over at once, never.
  let fresh: RunEvent[] = [];
  let watched: Watched | undefined;
  const told = new Map<string, number>();
  let cached = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;

  /** What was found since the last line, in one. */
  function tellCached(): void {
    if (cached.size === 0) return;
    const found = [...cached.values()].reduce((sum, count) => sum + count, 0);
    const names = [...cached].slice(0, mostNames).map(([name, count]) => `${name} ${count}`);
    const more = cached.size > mostNames ? `, and ${cached.size - mostNames} more` : '';
    cached = new Map();
    write(`cached   ${plural(found, 'task')}: ${names.join(', ')}${more}`);
  }

  function upToDate(): Watched {
    watched ??= options.watch();
    for (const event of fresh) {
      watched.progress.note(event);
      watched.timeLeft.note(event);
    }
    fresh = [];
    return watched;
  }

  function tellEvent(event: RunEvent): void {
    const line = eventLine(event);
    if (line === undefined) return;
    if (event.kind === 'task-cached' && (bounded || byName)) {
      const name = nameOf(event.task);
      cached.set(name, (cached.get(name) ?? 0) + 1);
      return;
    }
    if (bounded && byName && !isOfNote(event)) return;
    if (bounded && isTrouble(event)) {
      const count = (told.get(event.kind) ?? 0) + 1;
      told.set(event.kind, count);
      if (count > mostTold) {
        if (count === mostTold + 1) write('more like these are only counted from here on');
        return;
      }
    }
    tellCached();
    write(line);
    if (event.kind === 'task-failed')
      for (const words of lastWords(event.failure)) write(`         ${words}`);
  }

  /** Of a large study: that the last instance of a name has come to its end. */
  function tellName(event: RunEvent): void {
    if (!bounded || !byName || !('task' in event) || event.kind === 'warning') return;
    const name = upToDate().progress.names.get(nameOf(event.task));
    if (name === undefined || settledOf(name) < name.total || finished.has(name.name)) return;
    finished.add(name.name);
    if (name.counts.cached === name.total) return;
    tellCached();
    const { cached: found, done, failed, blocked } = name.counts;
    write(`finished ${name.name}: ${countsText({ done, cached: found, failed, blocked })}`);
  }
  const finished = new Set<string>();

  function summarise(): void {
    tellCached();
    const { progress, timeLeft } = upToDate();
    const { cached: found, done, failed, blocked, running } = progress.counts;
    const nowMs = Date.now();
    const left = leftText(timeLeft.estimate(nowMs));
    write(
      `so far   ${progress.settled} of ${plural(progress.total, 'task')} in ${wholeSeconds(nowMs - startedMs)}: ${countsText({ done, cached: found, failed, blocked, running })}${left === '' ? '' : `; ${left}`}`,
    );
    schedule();
  }

  function schedule(): void {
    const passedMs = Date.now() - startedMs;
    const waitMs = Math.min(summaryMs.most, Math.max(summaryMs.least, passedMs / 10));
    timer = setTimeout(summarise, waitMs).unref();
  }

  schedule();
  return {
    onEvent(event): void {
      fresh.push(event);
      tellEvent(event);
      tellName(event);
    },
    stopping(): void {
      write(stoppingText);
    },
    close(): void {
      clearTimeout(timer);
      tellCached();
    },
  };
}

function nameOf(task: string): string {
  return task.split('@', 1)[0] ?? task;
}

function isTrouble(event: RunEvent): boolean {
  return event.kind === 'task-failed' || event.kind === 'task-blocked' || event.kind === 'warning';
}

function isOfNote(event: RunEvent): boolean {
  return isTrouble(event) || !('task' in event);
}

function countsText(counts: { readonly [word: string]: number }): string {
  const words = Object.entries(counts).filter(([, count]) => count > 0);
  return words.length === 0 ? 'none ended' : words.map(([word, count]) => `${count} ${word}`).join(', ');
}
