import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { TarReader } from '../../../cache/archive/tar/tar-reader.ts';
import type { TarMember, TarProblem } from '../../../cache/archive/tar/tar-reader.ts';

const execute = promisify(execFile);

/** Programs of others that read tars, as far as they are on this machine. GNU's has to be. */
export async function tarPrograms(): Promise<readonly string[]> {
  const found: string[] = ['tar'];
  if ((await output('bsdtar', ['--version']).catch(() => '')) !== '') found.push('bsdtar');
  return found;
}

export async function output(program: string, args: readonly string[], cwd?: string): Promise<string> {
  const { stdout } = await execute(program, [...args], { cwd, env: { ...process.env, LC_ALL: 'C.UTF-8' } });
  return stdout;
}

/** Python's own reader of tars, as a third opinion: name, size and content of each member, in order. */
export async function pythonReads(file: string): Promise<readonly (readonly [string, number, string])[]> {
  const script =
    'import sys,json,tarfile\nt=tarfile.open(sys.argv[1])\n' +
    'print(json.dumps([[m.name,m.size,t.extractfile(m).read().decode("latin1")] for m in t]))';
  return JSON.parse(await output('python3', ['-c', script, file])) as readonly (readonly [
    string,
    number,
    string,
  ])[];
}

/** A source that gives bytes in pieces of one size. */
export async function* inPieces(bytes: Uint8Array, size: number = 65_536): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
}

export interface ReadTar {
  readonly members: readonly (TarMember & { readonly content: string })[];
  readonly problem: TarProblem | undefined;
}

/** Every member with its content, up to the end or what keeps from it. */
export async function readTar(bytes: Uint8Array, piece?: number): Promise<ReadTar> {
  const reader = new TarReader(inPieces(bytes, piece));
  const members: (TarMember & { readonly content: string })[] = [];
  for (;;) {
    const next = await reader.next();
    if (next.kind === 'end') return { members, problem: undefined };
    if (next.kind === 'problem') return { members, problem: next };
    const parts: Buffer[] = [];
    await reader.read((each) => void parts.push(Buffer.from(each)));
    members.push({ ...next, content: Buffer.concat(parts).toString('latin1') });
  }
}

export async function packed(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const piece of pieces) parts.push(Buffer.from(piece));
  return Buffer.concat(parts);
}
