import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { freePort } from '../../support/ports.ts';
import { temporaryFolder } from './temporary-store.ts';

/** Whether the program is there. Where it is not, that is said: nobody should think that it was tested. */
export const hasNginx: boolean = spawnSync('nginx', ['-v']).status === 0;
if (!hasNginx) process.stderr.write("NOT CHECKED with nginx: Debian's package nginx is not installed\n");

interface NginxOptions {
  readonly inServer?: string;
  readonly tls?: { readonly certificate: string; readonly key: string };
}

/** A real nginx that keeps what is PUT, on a free port, gone when the test has ended. */
export async function nginx(
  options: NginxOptions = {},
): Promise<{ readonly url: string; readonly root: string }> {
  const dir = await temporaryFolder();
  const root = join(dir, 'files');
  for (const name of ['files', 'temporary']) await mkdir(join(dir, name));
  for (let tries = 1; ; tries++) {
    const port = await freePort();
    await writeFile(join(dir, 'nginx.conf'), configuration({ dir, port, options }));
    const server = spawn('nginx', ['-c', join(dir, 'nginx.conf'), '-p', dir], { stdio: 'ignore' });
    if (await listens(server, join(dir, 'pid'))) {
      onTestFinished(() => ended(server));
      return { url: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`, root };
    }
    const said = await readFile(join(dir, 'error.log'), 'utf8');
    // Somebody else may have come to listen on the port since it was free.
    if (tries === 5 || !said.includes('Address already in use')) throw new Error(said);
  }
}

function configuration(of: {
  readonly dir: string;
  readonly port: number;
  readonly options: NginxOptions;
}): string {
  const { dir, port } = of;
  const { inServer = '', tls } = of.options;
  return `daemon off; worker_processes 1; pid ${dir}/pid; error_log ${dir}/error.log;
user root;
events { worker_connections 64; }
http {
  access_log off; client_body_temp_path ${dir}/temporary;
  proxy_temp_path ${dir}/temporary; fastcgi_temp_path ${dir}/temporary;
  uwsgi_temp_path ${dir}/temporary; scgi_temp_path ${dir}/temporary;
  server {
    listen 127.0.0.1:${port}${tls === undefined ? '' : ' ssl'};
    ${tls === undefined ? '' : `ssl_certificate ${tls.certificate}; ssl_certificate_key ${tls.key};`}
    root ${dir}/files; client_max_body_size 0;
    ${inServer}
    location / { dav_methods PUT; create_full_put_path on; }
  }
}
`;
}

/** It writes down its number once it listens; false where it ends before. */
async function listens(server: ChildProcess, pidFile: string): Promise<boolean> {
  while (!existsSync(pidFile)) {
    if (server.exitCode !== null || server.signalCode !== null) return false;
    await delay(10);
  }
  return true;
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exit = once(server, 'exit');
  server.kill('SIGTERM');
  await exit;
}
