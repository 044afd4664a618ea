import { execFileSync } from 'node:child_process';
import { cpus, freemem, loadavg, release, totalmem } from 'node:os';

/** What figures depend on, in a line. `dir` is where the benches write. */
export function describeMachine(dir: string): string {
  const processors = cpus();
  const gib = (bytes: number): string => (bytes / 2 ** 30).toFixed(0);
  return (
    `${processors.length} x ${processors[0]?.model.trim() ?? 'unknown processor'}, ` +
    `${gib(freemem())} of ${gib(totalmem())} GiB free, ${fileSystem(dir)}, Linux ${release()}, ` +
    `Node ${process.versions.node}, ${describeLoad()}`
  );
}

export function describeLoad(): string {
  return `load ${loadavg()
    .map((load) => load.toFixed(1))
    .join(' ')}`;
}

function fileSystem(dir: string): string {
  return execFileSync('stat', ['--file-system', '--format', '%T', dir], { encoding: 'utf8' }).trim();
}
