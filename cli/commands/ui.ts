import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { UiFlags } from '../flags.ts';
import { chooseRun } from '../choose-recorded.ts';
import { colours, complain, say, tell } from '../io.ts';
import type { Io } from '../io.ts';
import { prepareStore } from '../prepare.ts';
import { isLocalName } from '../ui/host-names.ts';
import { RunReport } from '../ui/run-report.ts';
import { RunWatch } from '../ui/run-watch.ts';
import { serveUi } from '../ui/serve.ts';
import type { Ui } from '../ui/serve.ts';

/** Serves a page that shows a run (or whichever is the newest) as it goes on, until Ctrl-C. Read-only. */
export async function uiCommand(request: {
  readonly run: string | undefined;
  readonly flags: UiFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { run, flags, io } = request;
  const port = Number(flags.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    complain(io, `--port ${flags.port} is no port`, 'a number from 1 to 65535, or 0 for any that is free');
    return exitCode.usage;
  }
  const ready = await prepareStore({ flags, io });
  if (ready.kind === 'exit') return ready.code;
  const { store, workspace } = ready;
  let named: string | undefined;
  if (run !== undefined) {
    const chosen = await chooseRun({ run, flags, io });
    if (chosen.kind === 'exit') return chosen.code;
    named = chosen.run.record.run;
  }
  let watch: RunWatch | undefined;
  const current = async (): Promise<RunWatch | undefined> => {
    const wanted = named ?? (await RunWatch.newest(store));
    if (wanted === undefined || watch?.run === wanted) return watch;
    return (watch = (await RunWatch.open(store, wanted)) ?? watch);
  };
  const leaving = new AbortController();
  const over = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  let ui: Ui;
  try {
    ui = await serveUi({ current, report: new RunReport(workspace, leaving.signal), host: flags.host, port });
  } catch (error) {
    complain(io, `cannot listen on ${flags.host}:${port}: ${(error as Error).message}`, 'try another --port');
    return exitCode.machine;
  }
  say(io, ui.url);
  if (!isLocalName(flags.host))
    tell(io, colours.yellow('everybody who reaches this address can read what the runs here show'));
  tell(io, colours.dim('Ctrl-C ends the page; runs go on'));
  await over;
  leaving.abort();
  await ui.close();
  return exitCode.done;
}
