import { spawn, spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { accepts, freePort } from '../../support/ports.ts';
import { temporaryFolder } from './temporary-store.ts';

/** Whether the program is there. Where it is not, that is said: nobody should think that it was tested. */
export const hasNginx: boolean = spawnSync('nginx', ['-v']).status === 0;
if (!hasNginx) process.stderr.write("NOT CHECKED with nginx: Debian's package nginx is not installed\n");

/** A real nginx that keeps what is PUT, on a free port, gone when the test has ended. */
export async function nginx(
  options: {
    readonly inServer?: string;
    readonly tls?: { readonly certificate: string; readonly key: string };
  } = {},
): Promise<{ readonly url: string; readonly root: string }> {
  const dir = await temporaryFolder();
  const root = join(dir, 'files');
  for (const name of ['files', 'temporary']) await mkdir(join(dir, name));
  const port = await freePort();
  const { inServer = '', tls } = options;
  const listen = tls === undefined ? `${port}` : `${port} ssl`;
  await writeFile(
    join(dir, 'nginx.conf'),
    `daemon off; worker_processes 1; pid ${dir}/pid; error_log ${dir}/error.log;
user root;
events { worker_connections 64; }
http {
  access_log off; client_body_temp_path ${dir}/temporary;
  proxy_temp_path ${dir}/temporary; fastcgi_temp_path ${dir}/temporary;
  uwsgi_temp_path ${dir}/temporary; scgi_temp_path ${dir}/temporary;
  server {
    listen 127.0.0.1:${listen};
    ${tls === undefined ? '' : `ssl_certificate ${tls.certificate}; ssl_certificate_key ${tls.key};`}
    root ${root}; client_max_body_size 0;
    ${inServer}
    location / { dav_methods PUT; create_full_put_path on; }
  }
}
`,
  );
  const server = spawn('nginx', ['-c', join(dir, 'nginx.conf'), '-p', dir], { stdio: 'ignore' });
  const ended = new Promise((resolve) => server.on('exit', resolve));
  onTestFinished(async () => {
    server.kill('SIGTERM');
    await ended;
  });
  const url = `${tls === undefined ? 'http' : 'https'}://localhost:${port}`;
  while (!(await accepts(port))) {
    if (server.exitCode !== null) throw new Error(await readFile(join(dir, 'error.log'), 'utf8'));
    await delay(10);
  }
  return { url: url.replace('localhost', '127.0.0.1'), root };
}
