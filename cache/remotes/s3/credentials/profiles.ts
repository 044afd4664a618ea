import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { errorCode, guarded } from '../../../system-error.ts';
import { keyFromProcess } from './credential-process.ts';
import { keyOf, noKey, unusable } from './found-key.ts';
import type { Environment, FoundKey } from './found-key.ts';

/**
 * The key of a profile ($AWS_PROFILE or `default`): static ones, or those of its `credential_process`, in the shared credentials file or in
 * the configuration beside it. Format: "Configuration and credential file settings" of the AWS CLI.
 */
export async function keyOfProfile(env: Environment, now: () => number): Promise<FoundKey> {
  const named = nonEmpty(env['AWS_PROFILE']);
  const profile = named ?? 'default';
  const home = nonEmpty(env['HOME']) ?? homedir();
  const sections: string[] = profile === 'default' ? ['default'] : [`profile ${profile}`];
  const files = [
    {
      path: nonEmpty(env['AWS_SHARED_CREDENTIALS_FILE']) ?? join(home, '.aws/credentials'),
      names: [profile],
    },
    { path: nonEmpty(env['AWS_CONFIG_FILE']) ?? join(home, '.aws/config'), names: sections },
  ];
  let isThere = false;
  const places = [];
  for (const { path, names } of files) {
    const text = await textOf(path);
    if (typeof text !== 'string') return unusable(text.problem);
    const values = sectionOf(text, names);
    isThere ||= values !== undefined;
    if (values !== undefined) places.push({ path, values });
  }
  for (const { path, values } of places) {
    const parts = {
      id: values.get('aws_access_key_id'),
      secret: values.get('aws_secret_access_key'),
      token: values.get('aws_session_token'),
    };
    const found = keyOf(parts, `profile '${profile}' in ${path}`);
    if (found !== noKey) return found;
  }
  for (const { path, values } of places) {
    const command = values.get('credential_process') ?? '';
    if (command !== '')
      return await keyFromProcess(command, {
        env,
        now,
        where: `credential_process of profile '${profile}' in ${path}`,
      });
  }
  if (isThere || named === undefined) return noKey;
  return unusable(
    `there is no profile '${profile}' ($AWS_PROFILE) in ${files.map(({ path }) => path).join(' or ')}`,
  );
}

/** Empty where there is no such file. */
async function textOf(path: string): Promise<string | { readonly problem: string }> {
  const read = await guarded(path, async () => {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return '';
      throw error;
    }
  });
  return typeof read === 'string'
    ? read
    : { problem: `${path}, which may hold credentials, cannot be read: ${read.detail}` };
}

/** `name = value` lines under `[section]`; others are passed over. Undefined where there is no such section. */
function sectionOf(text: string, names: readonly string[]): ReadonlyMap<string, string> | undefined {
  let values: Map<string, string> | undefined;
  let isIn = false;
  for (const line of text.split(/\r?\n/)) {
    const heading = /^\s*\[\s*(.*?)\s*\]/.exec(line)?.[1]?.replace(/\s+/g, ' ');
    if (heading !== undefined) {
      isIn = names.includes(heading);
      if (isIn) values ??= new Map();
      continue;
    }
    const setting = /^\s*([a-z_]+)\s*=\s*(.*?)\s*$/.exec(line);
    if (isIn && setting !== null) values?.set(setting[1] ?? '', setting[2] ?? '');
  }
  return values;
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
