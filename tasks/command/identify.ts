import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import type { JsonObject } from '../../cache/json.ts';
import type { Identity, IdentifyRequest } from '../../engine/contract/task-kind.ts';
import { commandEnvironment } from './environment.ts';
import { asCommandOptions } from './options.ts';
import type { CommandOptions } from './options.ts';

/** A version that takes longer to tell is none. */
const versionTimeoutMs = 60_000;

/** What a command depends on beside its options and inputs: the content of its files, and what programs say they are. */
export function identifyCommand(request: IdentifyRequest): Identity | Promise<Identity> {
  const options = asCommandOptions(request.options);
  const { files, versions, sandbox } = options;
  if (files.length === 0 && versions.length === 0 && sandbox === 'none') {
    return { kind: 'identified', identity: {} };
  }
  return askMachine(request, options);
}

async function askMachine(
  request: IdentifyRequest,
  { files, versions, env, sandbox }: CommandOptions,
): Promise<Identity> {
  const digests: JsonObject[] = [];
  for (const path of files) {
    const sha256 = await digestIfThere(request, path);
    if (sha256 === undefined) {
      const hint = `paths are relative to ${request.studyDir}`;
      return { kind: 'unusable', message: `there is no file '${path}'`, hint };
    }
    digests.push({ path, sha256 });
  }
  if (sandbox === 'bwrap' && (await versionOf(request, ['bwrap', '--version'], {})).kind === 'unusable') {
    return {
      kind: 'unusable',
      message: 'bwrap is not on PATH',
      hint: 'install bubblewrap, or leave out sandbox: bwrap',
    };
  }
  const told: JsonObject[] = [];
  for (const argv of versions) {
    const version = await versionOf(request, argv, env);
    if (version.kind === 'unusable') return version;
    told.push({ argv, output: version.output });
  }
  return {
    kind: 'identified',
    identity: {
      ...(digests.length === 0 ? {} : { files: digests }),
      ...(told.length === 0 ? {} : { versions: told }),
    },
  };
}

async function digestIfThere(request: IdentifyRequest, path: string): Promise<string | undefined> {
  try {
    return await request.digestOfFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined;
    throw error;
  }
}

type Version =
  | { readonly kind: 'told'; readonly output: string }
  | { readonly kind: 'unusable'; readonly message: string };

/** Asked once a run for each argv and environment, however many commands want to know. */
function versionOf(
  request: IdentifyRequest,
  argv: readonly string[],
  declared: { readonly [name: string]: string },
): Promise<Version> {
  return request.once(`version ${JSON.stringify([argv, declared])}`, async () => {
    const [program = '', ...rest] = argv;
    try {
      // Some programs tell their version on stderr.
      const { stdout, stderr } = await promisify(execFile)(program, rest, {
        env: commandEnvironment({ path: process.env['PATH'], home: tmpdir(), declared }),
        timeout: versionTimeoutMs,
        signal: request.signal,
      });
      return { kind: 'told', output: `${stdout}${stderr}`.trim() };
    } catch (error) {
      request.signal.throwIfAborted();
      const reason = error instanceof Error ? error.message : String(error);
      return { kind: 'unusable', message: `'${argv.join(' ')}' does not tell a version: ${reason.trim()}` };
    }
  });
}
