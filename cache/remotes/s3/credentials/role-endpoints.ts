import { readFile } from 'node:fs/promises';
import { guarded } from '../../../system-error.ts';
import { noKey, unusable } from './found-key.ts';
import type { Environment, FoundKey } from './found-key.ts';
import { lentKey } from './lent-keys.ts';

const mostMs = 5_000;
const containerHost = 'http://169.254.170.2';
/** Without TLS a token may go to this machine and its cluster's own addresses alone. Source: "Container credential provider". */
const plainHosts =
  /^(127\.\d+\.\d+\.\d+|localhost|\[::1\]|169\.254\.170\.2|169\.254\.170\.23|\[fd00:ec2::23\])$/;
const instanceHost = 'http://169.254.169.254';

/** The role of a container (ECS, EKS): where the cluster has put its address into the environment. */
export async function keyOfContainer(env: Environment, now: () => number): Promise<FoundKey> {
  const relative = env['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'] ?? '';
  const address =
    relative === '' ? (env['AWS_CONTAINER_CREDENTIALS_FULL_URI'] ?? '') : `${containerHost}${relative}`;
  if (address === '') return noKey;
  const name =
    relative === '' ? '$AWS_CONTAINER_CREDENTIALS_FULL_URI' : '$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI';
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) return unusable(`${name} is no address`);
  if (url.protocol === 'http:' && !plainHosts.test(url.hostname))
    return unusable(`${name} names ${url.host} without https: credentials are not asked for there`);
  const token = await tokenIn(env);
  if (typeof token !== 'string') return token;
  const where = `the container's role (${name}, ${url.host})`;
  const got = await ask(url, { headers: token === '' ? {} : { authorization: token } });
  return 'text' in got ? lentKey(got.text, where, now()) : unusable(`${where} ${got.problem}`);
}

async function tokenIn(env: Environment): Promise<string | FoundKey> {
  const path = env['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'] ?? '';
  const read =
    path === ''
      ? (env['AWS_CONTAINER_AUTHORIZATION_TOKEN'] ?? '')
      : await guarded(path, () => readFile(path, 'utf8'));
  if (typeof read !== 'string')
    return unusable(`${path} ($AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE) cannot be read: ${read.detail}`);
  return /[\r\n]/.test(read.trim())
    ? unusable("the token for the container's role is more than one line")
    : read.trim();
}

/** The role of an instance (EC2), by version 2 of its metadata service: only for who has asked for it, since elsewhere nobody answers. */
export async function keyOfInstance(env: Environment, now: () => number): Promise<FoundKey> {
  const where = "the instance's role (`instance_role: true`)";
  if (env['AWS_EC2_METADATA_DISABLED'] === 'true')
    return unusable(`${where} cannot be asked for: $AWS_EC2_METADATA_DISABLED is true`);
  const host = (env['AWS_EC2_METADATA_SERVICE_ENDPOINT'] ?? '') || instanceHost;
  const at = (path: string): URL | undefined => (URL.canParse(path, host) ? new URL(path, host) : undefined);
  const roles = 'latest/meta-data/iam/security-credentials/';
  const tokens = at('/latest/api/token');
  if (tokens === undefined) return unusable('$AWS_EC2_METADATA_SERVICE_ENDPOINT is no address');
  const token = await ask(tokens, {
    method: 'PUT',
    headers: { 'x-aws-ec2-metadata-token-ttl-seconds': '300' },
  });
  if (!('text' in token)) return unusable(`${where} ${token.problem}: is this an instance of EC2?`);
  const headers = { 'x-aws-ec2-metadata-token': token.text.trim() };
  const listed = await ask(at(`/${roles}`)!, { headers });
  if (!('text' in listed)) return unusable(`${where} ${listed.problem}: has the instance one?`);
  const [role = ''] = listed.text.trim().split(/\s/);
  const got = await ask(at(`/${roles}${encodeURIComponent(role)}`)!, { headers });
  return 'text' in got ? lentKey(got.text, where, now()) : unusable(`${where} ${got.problem}`);
}

/** These addresses are this machine's own: no proxy is asked, and no other server that they send us to. */
async function ask(
  url: URL,
  request: { readonly method?: string; readonly headers: Readonly<Record<string, string>> },
): Promise<{ readonly text: string } | { readonly problem: string }> {
  try {
    const response = await fetch(url, { ...request, redirect: 'error', signal: AbortSignal.timeout(mostMs) });
    const text = await response.text();
    return response.ok ? { text } : { problem: `is answered by ${url.host} with ${response.status}` };
  } catch {
    return { problem: `gets no answer from ${url.host}` };
  }
}
