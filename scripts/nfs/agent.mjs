// Takes orders for the host that it runs on, a connection each: first a line of JSON, `{ argv, cwd, env }`, then the program's
// standard input as lines `{ in: TEXT }`, closed by `{ end: true }`. Answers with lines `{ out }`, `{ err }`, and last `{ code, signal }`. Whoever
// hangs up, or says `{ kill: SIGNAL }`, means the program and all that is in its process group.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

process.on('SIGTERM', () => undefined);

createServer((socket) => {
  let child;
  const say = (message) => void (socket.writable && socket.write(`${JSON.stringify(message)}\n`));
  const kill = (signal) => {
    try {
      if (child?.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // It has ended.
    }
  };
  const begin = ({ argv: [program, ...args], cwd, env }) => {
    child = spawn(program, args, { cwd, env, detached: true, stdio: 'pipe' });
    child.stdin.on('error', () => undefined);
    child.stdout.setEncoding('utf8').on('data', (out) => say({ out }));
    child.stderr.setEncoding('utf8').on('data', (err) => say({ err }));
    child.on('error', (error) => say({ err: String(error) }));
    child.on('close', (code, signal) => {
      child = undefined;
      socket.end(`${JSON.stringify({ code, signal })}\n`);
    });
  };
  socket.on('error', () => kill('SIGKILL'));
  socket.on('close', () => kill('SIGKILL'));
  createInterface({ input: socket }).on('line', (line) => {
    const order = JSON.parse(line);
    if (order.argv !== undefined) begin(order);
    else if (order.in !== undefined) child?.stdin.write(order.in);
    else if (order.end === true) child?.stdin.end();
    else if (order.kill !== undefined) kill(order.kill);
  });
}).listen(1000, '0.0.0.0');
