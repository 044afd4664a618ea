import { existsSync } from 'node:fs';
import { cpus, freemem, totalmem } from 'node:os';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { probeFileSystem } from '../file-system-probe.ts';
import { colours, columns, say } from '../io.ts';
import type { Io } from '../io.ts';
import { openWorkspace } from '../prepare.ts';
import type { DoctorFlags } from '../flags.ts';
import { formatBytes, plural } from '../progress/duration.ts';
import { packageVersion } from '../version.ts';
import { chooseSlots } from '../slots.ts';
import { deviceFacts } from '../../vision/tensors/devices.ts';

/** Says what this machine offers. Exit code 3 where something would keep a study from running. */
export async function doctorCommand(request: {
  readonly flags: DoctorFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { flags, io } = request;
  const found = await openWorkspace({ flags, data: flags.data, io });
  if (found.kind === 'exit') return found.code;
  const { workspace } = found;
  const slots = await chooseSlots(flags.slots, io);
  if (slots.kind === 'exit') return slots.code;
  const { native, gpu, idleGpu } = await deviceFacts();
  const probes = await probeFileSystem(workspace.storeDir);
  const data = [...workspace.dataRoots].map(([name, path]) => ({ name, path, there: existsSync(path) }));
  const machineOk =
    probes.every((probe) => probe.ok || !probe.required) && data.every((entry) => entry.there);
  if (flags.json === true) {
    const memory = { totalBytes: totalmem(), freeBytes: freemem() };
    say(
      io,
      JSON.stringify(
        {
          version: packageVersion(),
          node: process.version,
          native,
          gpu,
          ...(idleGpu === undefined ? {} : { idleGpu }),
          slots: slots.slots.map((slot) => slot.name),
          cores: cpus().length,
          memory,
          store: workspace.storeDir,
          probes,
          data,
        },
        null,
        2,
      ),
    );
    return machineOk ? exitCode.done : exitCode.machine;
  }
  const good = (ok: boolean): string => (ok ? colours.green('✓') : colours.red('✗'));
  say(io, colours.bold('sweetspot') + `  ${packageVersion()}   node ${process.version}`);
  say(io, '');
  say(io, colours.bold('Backends'));
  say(
    io,
    native.kind === 'ready'
      ? `  ${good(true)} tensorflow  ${native.version}, ${native.variant}, in ${native.dir}`
      : `  ${colours.yellow('–')} tensorflow  ${native.reason}\n      ${colours.dim(native.hint)}`,
  );
  if (gpu === 'used') say(io, `  ${good(true)} GPU         TensorFlow computes on it`);
  if (idleGpu !== undefined) say(io, `  ${colours.yellow('–')} GPU         ${idleGpu}`);
  say(io, `  ${good(true)} wasm        always there; several times slower in training`);
  say(io, '');
  say(io, colours.bold('Machine'));
  say(
    io,
    `  ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${formatBytes(totalmem())} memory, ${formatBytes(freemem())} free`,
  );
  say(
    io,
    `  slots  ${slots.slots.map((slot) => `${slot.name} (${slot.deviceClass}, ${plural(slot.threads, 'thread')})`).join(', ')}`,
  );
  say(io, '');
  say(io, colours.bold('Store') + `  ${workspace.storeDir}`);
  say(
    io,
    columns(
      probes.map((probe) => [
        `  ${probe.ok ? good(true) : probe.required ? good(false) : colours.yellow('–')} ${probe.name}`,
        probe.detail,
      ]),
    ),
  );
  say(io, '');
  say(io, colours.bold('Data sets'));
  say(io, `  ${good(true)} shapes  embedded: nothing to download`);
  for (const entry of data)
    say(io, `  ${good(entry.there)} ${entry.name}  ${entry.path}${entry.there ? '' : '  (not there)'}`);
  if (data.length === 0)
    say(io, colours.dim('  others are named by --data NAME=PATH or in sweetspot.config.yaml'));
  return machineOk ? exitCode.done : exitCode.machine;
}
