import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Credentials } from '../../../../cache/remotes/s3/credentials/credentials.ts';
import type { CredentialsRequest } from '../../../../cache/remotes/s3/credentials/credentials.ts';
import { openBucket } from '../../../../cache/remotes/s3/bucket.ts';
import { bucketRemote } from '../../../../cache/remotes/s3/bucket-remote.ts';
import { actionResult } from '../../support/action-results.ts';
import { memoryBucket } from '../../support/memory-bucket.ts';
import { bucketPlace } from '../../support/memory-tiers.ts';
import { patientCall } from '../../support/remote-contract.ts';
import { temporaryFolder } from '../../support/temporary-store.ts';

const secret = 'hush-hush';
const lent = { AccessKeyId: 'lent', SecretAccessKey: secret };
const open = (env: CredentialsRequest['env'], more: Partial<CredentialsRequest> = {}) =>
  new Credentials({ remote: 'my-team', env: { HOME: '/nowhere', ...env }, instanceRole: false, ...more });
const find = (...args: Parameters<typeof open>) => open(...args).current(patientCall);
const none = { kind: 'none' };
const unusable = (words: RegExp) => ({ kind: 'unusable', detail: expect.stringMatching(words) as string });
const key = (accessKeyId: string, secretAccessKey: string, sessionToken?: string) => ({
  kind: 'key',
  key: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
});

async function awsFiles(files: { readonly credentials?: string; readonly config?: string }) {
  const home = await temporaryFolder();
  await mkdir(join(home, '.aws'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(home, '.aws', name), text);
  return { HOME: home, PATH: process.env['PATH'] };
}

/** A server on this machine that answers as told, and what it was asked. */
async function metadata(answers: Readonly<Record<string, string>>) {
  const asked: { readonly what: string; readonly headers: IncomingMessage['headers'] }[] = [];
  const server = createServer((request, response) => {
    const what = `${request.method ?? ''} ${request.url ?? ''}`;
    asked.push({ what, headers: request.headers });
    const answer = answers[what];
    response.writeHead(answer === undefined ? 404 : 200).end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

describe('the key to a bucket', () => {
  const own = {
    SWEETSPOT_REMOTE_MY_TEAM_ACCESS_KEY_ID: 'own',
    SWEETSPOT_REMOTE_MY_TEAM_SECRET_ACCESS_KEY: 's1',
  };
  const usual = { AWS_ACCESS_KEY_ID: 'usual', AWS_SECRET_ACCESS_KEY: 's2', AWS_SESSION_TOKEN: 't' };

  it("is the remote's own, then the usual one of the environment; half of one is said", async () => {
    expect(await find({ ...own, ...usual })).toEqual(key('own', 's1'));
    expect(await find(usual)).toEqual(key('usual', 's2', 't'));
    expect(await find({})).toEqual(none);
    expect(await find({ AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' })).toEqual(none);
    expect(await find({ AWS_ACCESS_KEY_ID: 'half' })).toEqual(
      unusable(/AWS_ACCESS_KEY_ID.* no secret access key/),
    );
  });

  it('is that of a profile of the shared files, where there is no other', async () => {
    const env = await awsFiles({
      credentials:
        '[default]\naws_access_key_id = one\naws_secret_access_key=a/+=\n\n# [lab]\n[ lab ]\r\naws_access_key_id=two\r\n' +
        'aws_secret_access_key = b\r\naws_session_token = c==\r\nregion = x\n[empty]\n[half]\naws_access_key_id=x\n',
      config: '[profile in-config]\naws_access_key_id = three\naws_secret_access_key = d\n[not-so]\n',
    });
    expect(await find(env)).toEqual(key('one', 'a/+='));
    const of = (AWS_PROFILE: string) => find({ ...env, AWS_PROFILE });
    expect(await of('lab')).toEqual(key('two', 'b', 'c=='));
    expect(await of('in-config')).toEqual(key('three', 'd'));
    expect(await of('empty')).toEqual(none);
    expect(await of('half')).toEqual(
      unusable(/profile 'half' in .*credentials has an access key id and no secret/),
    );
    for (const name of ['none', 'not-so'])
      expect(await of(name)).toEqual(unusable(new RegExp(`no profile '${name}'.*credentials or .*config`)));
    expect(await of('')).toEqual(key('one', 'a/+='));
  });

  it('is named with its file where that cannot be read, and nothing is asked of the bucket', async () => {
    const env = await awsFiles({});
    const path = join(env.HOME, '.aws/credentials');
    // As closed to root as to anybody.
    await mkdir(path);
    expect(await find(env)).toEqual(unusable(new RegExp(`^${path}, .*cannot be read: .*EISDIR`)));
    const server = await memoryBucket();
    const bucket = openBucket({ name: 'team', place: bucketPlace(server.endpoint) }, env);
    const remote = bucketRemote(bucket, () => Promise.resolve());
    expect(await remote.getAction(actionResult('x').key, patientCall)).toMatchObject({
      kind: 'remote-failure',
      reason: 'refused',
      detail: expect.stringContaining(path) as string,
    });
    expect(server.requests).toEqual([]);
  });

  it.each<[string, string, object]>([
    [
      'says',
      `echo '${JSON.stringify({ Version: 1, ...lent, SessionToken: 't' })}'`,
      key('lent', secret, 't'),
    ],
    [
      'fails',
      `echo ${secret} >&2; exit 7`,
      unusable(/^credential_process of profile 'default' in .*config ended with code 7/),
    ],
    ['says something else', `echo ${secret}`, unusable(/does not answer with credentials in JSON/)],
    ['says nothing of use', `echo '{"Version":1}'`, unusable(/has no credentials/)],
    [
      'says too late',
      `echo '${JSON.stringify({ ...lent, Expiration: '2001-01-01T00:00:00Z' })}'`,
      unusable(/have expired/),
    ],
    ['is not there', '/no/such/program', unusable(/ended with code 127/)],
  ])('is what a program %s', async (_, command, expected) => {
    const found = await find(await awsFiles({ config: `[default]\ncredential_process = ${command}\n` }));
    expect(found).toEqual(expected);
    if (found.kind === 'unusable') expect(found.detail).not.toContain(secret);
  });

  it("is that of a container's role, with the token that the cluster gives", async () => {
    const dir = await temporaryFolder();
    await writeFile(join(dir, 'token'), 'in-a-file\n');
    const { url, asked } = await metadata({ 'GET /creds': JSON.stringify({ ...lent, Token: 't' }) });
    const env = { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/creds` };
    expect(await find(env)).toEqual(key('lent', secret, 't'));
    await find({ ...env, AWS_CONTAINER_AUTHORIZATION_TOKEN: 'direct' });
    await find({ ...env, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: join(dir, 'token') });
    expect(asked.map(({ headers }) => headers.authorization)).toEqual([undefined, 'direct', 'in-a-file']);
    const missing = { ...env, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: join(dir, 'gone') };
    expect(await find(missing)).toEqual(unusable(/gone .*cannot be read/));
    expect(await find({ AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/other` })).toEqual(
      unusable(/role .*with 404/),
    );
    const elsewhere = { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://example.org/creds' };
    expect(await find(elsewhere)).toEqual(unusable(/example.org without https/));
    expect(asked).toHaveLength(4);
  });

  it("is that of the instance's role where the configuration says so, and nobody is asked elsewhere", async () => {
    const roles = '/latest/meta-data/iam/security-credentials/';
    const { url, asked } = await metadata({
      'PUT /latest/api/token': 'session',
      [`GET ${roles}`]: 'lab-role\n',
      [`GET ${roles}lab-role`]: JSON.stringify({ Code: 'Success', ...lent, Token: 't' }),
    });
    const env = { AWS_EC2_METADATA_SERVICE_ENDPOINT: url };
    expect(await find(env)).toEqual(none);
    expect(asked).toEqual([]);
    expect(await find(env, { instanceRole: true })).toEqual(key('lent', secret, 't'));
    expect(asked[0]?.headers['x-aws-ec2-metadata-token-ttl-seconds']).toBe('300');
    expect(asked.slice(1).map(({ headers }) => headers['x-aws-ec2-metadata-token'])).toEqual([
      'session',
      'session',
    ]);
    const off = await find({ ...env, AWS_EC2_METADATA_DISABLED: 'true' }, { instanceRole: true });
    expect(off).toEqual(unusable(/AWS_EC2_METADATA_DISABLED/));
    const { url: other } = await metadata({});
    const not = await find({ AWS_EC2_METADATA_SERVICE_ENDPOINT: other }, { instanceRole: true });
    expect(not).toEqual(unusable(/with 404: is this an instance of EC2\?/));
  });

  it('is asked for once by all who wait, and again before what was lent comes to its end', async () => {
    const clock = { ms: Date.parse('2026-01-01T00:00:00Z') };
    const answer = JSON.stringify({ ...lent, Expiration: '2026-01-01T01:00:00Z' });
    const { url, asked } = await metadata({ 'GET /creds': answer });
    const env = { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/creds` };
    const credentials = open(env, { nowMs: () => clock.ms });
    await Promise.all([1, 2, 3].map(() => credentials.current(patientCall)));
    clock.ms += 54 * 60_000;
    await credentials.current(patientCall);
    expect(asked).toHaveLength(1);
    clock.ms += 2 * 60_000;
    expect(await credentials.current(patientCall)).toMatchObject({ kind: 'key' });
    expect(asked).toHaveLength(2);
  });
});
