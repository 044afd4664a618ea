import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { accepts, freePort } from '../../test/support/ports.ts';

export interface WebServer extends Disposable {
  readonly url: string;
  /** What it serves, and where what is PUT goes. */
  readonly root: string;
}

/** A real nginx on a free port, that keeps what is PUT; as docs/team-cache.md sets one up, without TLS and passwords. */
export async function startNginx(dir: string): Promise<WebServer> {
  const root = join(dir, 'files');
  for (const name of ['files', 'temporary']) mkdirSync(join(dir, name), { recursive: true });
  const port = await freePort();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (use) => `${use}_temp_path ${dir}/temporary;`,
  );
  writeFileSync(
    join(dir, 'nginx.conf'),
    `daemon off; worker_processes 2; pid ${dir}/pid; error_log ${dir}/error.log;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 256; }
http {
  access_log off; sendfile on; keepalive_requests 100000; ${temporary.join(' ')}
  server {
    listen 127.0.0.1:${port}; root ${root}; client_max_body_size 0; log_not_found off;
    location / { dav_methods PUT; create_full_put_path on; }
  }
}
`,
  );
  const server = spawn('nginx', ['-c', join(dir, 'nginx.conf'), '-p', dir], { stdio: 'ignore' });
  server.on('error', () => undefined);
  while (!(await accepts(port))) {
    if (server.pid === undefined) throw new Error("Debian's package nginx is not installed");
    if (server.exitCode !== null) throw new Error(readFileSync(join(dir, 'error.log'), 'utf8'));
    await delay(20);
  }
  return { url: `http://127.0.0.1:${port}`, root, [Symbol.dispose]: () => void server.kill('SIGTERM') };
}
