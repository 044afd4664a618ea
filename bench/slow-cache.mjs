// A cache that has nothing, at the other end of a long line: MILLISECONDS. With `never` it takes connections and says nothing.
// Tells its address on its first line, and for each line that it is sent how many requests have come.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers';

const [, , delay = 'never'] = process.argv;
let requests = 0;
const server = createServer((request, response) => {
  requests += 1;
  request.resume();
  if (delay !== 'never') setTimeout(() => response.writeHead(404).end(), Number(delay));
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ what: `http://127.0.0.1:${server.address().port}` })}\n`);
});
createInterface({ input: process.stdin }).on('line', () => {
  process.stdout.write(`${JSON.stringify({ requests })}\n`);
});
