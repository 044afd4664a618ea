import type { RunEvent } from '../../engine/run/events.ts';
import { colours, fitting } from '../io.ts';
import type { Io } from '../io.ts';
import { tame } from '../text-width.ts';
import { drainingText, eventLine, failureText, lastWords, stoppingText } from './event-line.ts';
import { LiveRegion } from './live-region.ts';
import { picture } from './picture.ts';
import type { Reporter } from './reporter.ts';
import type { RunProgress } from './run-progress.ts';
import type { TimeLeft } from './time-left.ts';

/** How often the picture is brought up to date where something has happened. */
const frameMs = 120;
/** How often where nothing has: its clocks run on. */
const secondMs = 1_000;
/** More failures or warnings than this are counted, no longer listed as they come. */
const mostScrolled = 20;

/** What a live picture is made of. Called when a run has taken long enough to be worth one. */
export interface Watched {
  readonly progress: RunProgress;
  readonly timeLeft: TimeLeft;
}

/** A live picture of the run at the foot of the terminal; failures and warnings go by above it. */
export function terminalReporter(options: {
  readonly io: Io;
  readonly watch: () => Watched;
  /** When the run began. Default: now. */
  readonly startedMs?: number;
}): Reporter {
  const { io, startedMs = Date.now() } = options;
  const stream = io.err;
  const region = new LiveRegion(
    {
      get columns() {
        return stream.columns || 80;
      },
      write: (text) => void stream.write(text),
    },
    { reflows: io.env['XTERM_VERSION'] === undefined && io.env['STY'] === undefined },
  );
  const glyphs = hasPlainLocale(io.env) ? inAscii : String;
  // Events are folded in at the next frame: a thousand of them cost the engine a thousand pushes.
  let fresh: RunEvent[] = [];
  let watched: Watched | undefined;
  /** What was said of the run, by nobody of it. */
  const told: string[] = [];
  let scrolled = 0;
  let paintedMs = 0;

  function frame(): void {
    const nowMs = Date.now();
    if (fresh.length === 0 && told.length === 0 && nowMs - paintedMs < secondMs) return;
    const above = foldIn();
    if (watched === undefined) return;
    const { progress, timeLeft } = watched;
    const lines = picture(progress, {
      nowMs,
      startedMs,
      left: timeLeft.estimate(nowMs),
      eachMs: (name) => timeLeft.eachMs(name),
      columns: stream.columns || 80,
      rows: stream.rows || 24,
    });
    region.paint(lines.map(fit), above);
    paintedMs = nowMs;
  }

  function foldIn(): readonly string[] {
    const { progress, timeLeft } = (watched ??= options.watch());
    const above: string[] = [];
    for (const line of told.splice(0)) above.push(fit(line));
    for (const event of fresh) {
      progress.note(event);
      timeLeft.note(event);
      const lines = scrolledLines(event);
      if (lines.length === 0) continue;
      scrolled += 1;
      if (scrolled <= mostScrolled) above.push(...lines.map(fit));
      else if (scrolled === mostScrolled + 1)
        above.push(
          fit(
            colours.dim(
              'more like these are only counted from here on: sweetspot ls --run last --state failed',
            ),
          ),
        );
    }
    fresh = [];
    return above;
  }

  function fit(line: string): string {
    return glyphs(fitting(stream, io.env, line));
  }

  const timer = setInterval(frame, frameMs);
  const onResize = (): void => {
    paintedMs = 0;
  };
  const onContinue = (): void => {
    region.forget();
    paintedMs = 0;
  };
  stream.on('resize', onResize);
  process.on('SIGCONT', onContinue);
  return {
    painted: true,
    onEvent(event: RunEvent): void {
      fresh.push(event);
    },
    stopping(): void {
      told.push(colours.yellow(stoppingText));
    },
    close(): void {
      clearInterval(timer);
      stream.off('resize', onResize);
      process.off('SIGCONT', onContinue);
      const isTold = told.length > 0 || fresh.some((event) => scrolledLines(event).length > 0);
      region.clear(isTold ? foldIn() : []);
    },
  };
}

/** A locale that says it has no Unicode; one that says nothing is taken to have it, as nearly all do. */
function hasPlainLocale(env: Io['env']): boolean {
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((each) => (each ?? '') !== '');
  return locale !== undefined && !/utf-?8/i.test(locale);
}

/** The same width in the characters that every terminal has. */
function inAscii(line: string): string {
  const plain: Readonly<Record<string, string>> = { '━': '#', '─': '.', '·': '-', '…': '~', '✗': 'x' };
  return line.replace(/[━─·…✗]/g, (glyph) => plain[glyph] ?? '?');
}

function scrolledLines(event: RunEvent): readonly string[] {
  switch (event.kind) {
    case 'task-failed':
      return [
        `${colours.red('✗')} ${colours.bold(event.task)} ${tame(failureText(event.failure))}${colours.dim(attemptText(event))}`,
        ...lastWords(event.failure).map((line) => colours.dim(`    ${line}`)),
      ];
    case 'warning':
    case 'slot-quarantined':
      return [`${colours.yellow('!')} ${tame(eventLine(event) ?? '')}`];
    case 'draining':
      return [colours.yellow(drainingText(event.reason))];
    default:
      return [];
  }
}

function attemptText({ attempt, willRetry }: RunEvent & { readonly kind: 'task-failed' }): string {
  if (willRetry) return ` (attempt ${attempt}; it is tried again)`;
  return attempt > 1 ? ` (attempt ${attempt})` : '';
}
