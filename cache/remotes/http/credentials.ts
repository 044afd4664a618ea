/** Variables that may hold a remote's credentials: nothing else does, so that no file or message of ours can. */
export function credentialNames(remote: string): { readonly password: string; readonly token: string } {
  const name = remote.toUpperCase().replaceAll('-', '_');
  return { password: `SWEETSPOT_REMOTE_${name}_PASSWORD`, token: `SWEETSPOT_REMOTE_${name}_TOKEN` };
}

/** The `Authorization` header for a remote: basic for `user:password`, bearer for a token; undefined without either. */
export function authorization(
  remote: string,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const names = credentialNames(remote);
  const password = env[names.password] ?? '';
  if (password !== '') return `Basic ${Buffer.from(password).toString('base64')}`;
  const token = env[names.token] ?? '';
  return token === '' ? undefined : `Bearer ${token}`;
}
