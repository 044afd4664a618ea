import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { parsePublicKey } from '../cache/signatures/signature.ts';
import type { Signer } from '../cache/signatures/signature.ts';
import type { SigningPolicy } from '../cache/signatures/signing-policy.ts';
import type { Io } from './io.ts';
import type { Workspace } from './workspace.ts';

/** A member's own folder: neither in the store, which others write to, nor in a checkout, which others are given. */
function configFolder(env: Io['env']): string {
  const named = env['XDG_CONFIG_HOME'];
  return join(
    named === undefined || named === '' ? join(env['HOME'] ?? homedir(), '.config') : named,
    'sweetspot',
  );
}

export function keyFile(env: Io['env']): string {
  return join(configFolder(env), 'signing-key.pem');
}

export function trustFile(env: Io['env']): string {
  return join(configFolder(env), 'trusted-signers');
}

/** Undefined where nobody signs here, and nothing has to be signed. */
export async function signingOf(
  { signed = false }: Pick<Workspace, 'signed'>,
  env: Io['env'],
): Promise<SigningPolicy | undefined> {
  const own = existsSync(keyFile(env)) ? keyFile(env) : undefined;
  // A store, or a remote, may demand signatures although the configuration does not.
  const signers = await readSigners(env);
  if (!signed && own === undefined && signers.length === 0) return undefined;
  return { demanded: signed, signers, keyFile: own };
}

/** A line a signer: name, key. What is none is passed over: nobody is trusted by mistake. */
export async function readSigners(env: Io['env']): Promise<readonly Signer[]> {
  const file = trustFile(env);
  if (!existsSync(file)) return [];
  return (await readFile(file, 'utf8')).split('\n').flatMap((line) => {
    const [name = '', text = '', ...rest] = line.trim().split(/\s+/);
    const key = parsePublicKey(text);
    return key === undefined || rest.length > 0 ? [] : [{ name, key }];
  });
}

/** Throws system errors. */
export async function writeSigners(env: Io['env'], signers: readonly Signer[]): Promise<void> {
  const text = signers.map(({ name, key }) => `${name} ${key}\n`).join('');
  const fresh = `${trustFile(env)}.${randomBytes(8).toString('hex')}`;
  try {
    await writePrivate(env, fresh, text);
    await rename(fresh, trustFile(env));
  } finally {
    await rm(fresh, { force: true });
  }
}

/** A new file that nobody else can read, whatever the umask. Throws system errors, also where there is one. */
export async function writePrivate(env: Io['env'], path: string, text: string): Promise<void> {
  await mkdir(configFolder(env), { recursive: true, mode: 0o700 });
  await using file = await open(path, 'wx', 0o600);
  await file.writeFile(text);
  await file.sync();
}
