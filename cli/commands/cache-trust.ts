import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { newPrivateKey, openSigningKey, parsePublicKey } from '../../cache/signatures/signature.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { columns, complain, say } from '../io.ts';
import type { Io } from '../io.ts';
import { keyFile, readSigners, trustFile, writePrivate, writeSigners } from '../signing-files.ts';

/** Makes the key with which this user's results are signed from now on, and trusts it. */
export async function newKeyCommand(io: Io): Promise<ExitCode> {
  const file = keyFile(io.env);
  if (existsSync(file)) {
    complain(
      io,
      `there is a key already: ${file}`,
      'sweetspot cache key show prints its public half; move the file away to make another',
    );
    return exitCode.usage;
  }
  await writePrivate(io.env, file, newPrivateKey());
  const code = await showKeyCommand(io);
  const key = openSigningKey(await readFile(file, 'utf8'))?.publicKey;
  const signers = await readSigners(io.env);
  if (key !== undefined)
    await writeSigners(io.env, [...signers.filter(({ name }) => name !== 'me'), { name: 'me', key }]);
  return code;
}

/** Prints the public half, to be handed to others. */
export async function showKeyCommand(io: Io): Promise<ExitCode> {
  const file = keyFile(io.env);
  if (!existsSync(file)) {
    complain(io, 'there is no key: results are not signed', 'sweetspot cache key new makes one');
    return exitCode.usage;
  }
  const key = openSigningKey(await readFile(file, 'utf8'));
  if (key === undefined) {
    complain(
      io,
      `${file} holds no ed25519 private key`,
      'move it away, and make one: sweetspot cache key new',
    );
    return exitCode.machine;
  }
  say(io, key.publicKey);
  return exitCode.done;
}

export async function trustCommand({
  name,
  key,
  io,
}: {
  readonly name: string;
  readonly key: string;
  readonly io: Io;
}): Promise<ExitCode> {
  const parsed = parsePublicKey(key);
  if (parsed === undefined || !/^[A-Za-z0-9._@-]{1,64}$/.test(name)) {
    complain(
      io,
      parsed === undefined ? `'${key}' is no public key` : `'${name}' cannot name a signer`,
      'sweetspot cache trust add ada ed25519:…, as sweetspot cache key show prints it for her',
    );
    return exitCode.usage;
  }
  const signers = await readSigners(io.env);
  const same = signers.find((each) => each.name === name);
  if (same !== undefined && same.key !== parsed) {
    complain(
      io,
      `${name} is trusted with another key`,
      `is the new one really theirs? then first: sweetspot cache trust remove ${name}`,
    );
    return exitCode.usage;
  }
  if (same === undefined) await writeSigners(io.env, [...signers, { name, key: parsed }]);
  say(io, `results signed by ${name} are trusted`);
  return exitCode.done;
}

export async function trustedCommand(io: Io): Promise<ExitCode> {
  const signers = await readSigners(io.env);
  say(
    io,
    signers.length === 0
      ? `nobody is trusted (${trustFile(io.env)})`
      : columns(signers.map(({ name, key }) => [name, key])),
  );
  return exitCode.done;
}

export async function distrustCommand({
  name,
  io,
}: {
  readonly name: string;
  readonly io: Io;
}): Promise<ExitCode> {
  const signers = await readSigners(io.env);
  const left = signers.filter((each) => each.name !== name);
  if (left.length === signers.length) {
    complain(io, `'${name}' is not trusted`, 'sweetspot cache trust list says who is');
    return exitCode.usage;
  }
  await writeSigners(io.env, left);
  say(io, `results signed by ${name} are not trusted any more`);
  return exitCode.done;
}
