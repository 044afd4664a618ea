import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { AccessKey } from './signature-v4.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The key to a remote's bucket: from variables of its own, from Amazon's usual ones, or from the profile of the shared credentials file
 * that they name. Undefined where there is none: what everybody may read can be read without.
 */
export function accessKey(remote: string, env: Environment): AccessKey | undefined {
  const own = `SWEETSPOT_REMOTE_${remote.toUpperCase().replaceAll('-', '_')}`;
  return keyFrom(env, own) ?? keyFrom(env, 'AWS') ?? keyOfProfile(env);
}

function keyFrom(env: Environment, prefix: string): AccessKey | undefined {
  const [id, secret, token] = ['ACCESS_KEY_ID', 'SECRET_ACCESS_KEY', 'SESSION_TOKEN'].map(
    (name) => env[`${prefix}_${name}`],
  );
  return keyOf(id, secret, token);
}

function keyOfProfile(env: Environment): AccessKey | undefined {
  const profile = env['AWS_PROFILE'] ?? 'default';
  const home = env['HOME'] ?? homedir();
  const path = env['AWS_SHARED_CREDENTIALS_FILE'] ?? join(home, '.aws', 'credentials');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  const values = sectionOf(text, profile);
  return keyOf(
    values.get('aws_access_key_id'),
    values.get('aws_secret_access_key'),
    values.get('aws_session_token'),
  );
}

/** `name = value` lines under `[section]`; others are passed over. */
function sectionOf(text: string, section: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  let isIn = false;
  for (const line of text.split(/\r?\n/)) {
    const heading = /^\s*\[\s*(.*?)\s*\]/.exec(line);
    if (heading !== null) isIn = heading[1] === section;
    const setting = /^\s*([a-z_]+)\s*=\s*(\S+)\s*$/.exec(line);
    if (isIn && setting !== null) values.set(setting[1] ?? '', setting[2] ?? '');
  }
  return values;
}

function keyOf(
  accessKeyId: string | undefined,
  secretAccessKey: string | undefined,
  sessionToken: string | undefined,
): AccessKey | undefined {
  if (isEmpty(accessKeyId) || isEmpty(secretAccessKey)) return undefined;
  return { accessKeyId, secretAccessKey, ...(isEmpty(sessionToken) ? {} : { sessionToken }) };
}

function isEmpty(text: string | undefined): text is undefined | '' {
  return text === undefined || text === '';
}
