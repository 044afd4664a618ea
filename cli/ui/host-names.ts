import { isIP } from 'node:net';
import { hostname } from 'node:os';

/** Whether a name means this machine and nothing else. */
export function isLocalName(name: string): boolean {
  return ['127.0.0.1', 'localhost', '::1', '[::1]'].includes(name);
}

/** Whether a page that listens on `host` may be asked for under `name`: by that address, this machine's name, or any address if it listens on all. */
export function isOneOf(host: string, name: string): boolean {
  const bare = name.replace(/^\[|\]$/g, '');
  if (bare === host || bare === hostname() || bare.startsWith(`${hostname()}.`)) return true;
  return (host === '0.0.0.0' || host === '::') && isIP(bare) !== 0;
}
