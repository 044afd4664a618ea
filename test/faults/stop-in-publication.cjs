// Loaded into the processes of a rig (`node --require`): stops the process that is about to give a file its name under
// SWEETSPOT_STOP_UNDER for the SWEETSPOT_STOP_AT-th time, after it has left a mark at SWEETSPOT_STOP_MARK. A publication is over in
// microseconds: from outside it is hardly ever met.
const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');

const { SWEETSPOT_STOP_UNDER: under, SWEETSPOT_STOP_AT: at, SWEETSPOT_STOP_MARK: mark } = process.env;
let left = Number(at);

for (const name of ['linkSync', 'renameSync']) {
  const real = fs[name];
  fs[name] = (from, to) => {
    if (String(to).startsWith(under) && --left === 0) {
      fs.writeFileSync(mark, '');
      process.kill(process.pid, 'SIGSTOP');
    }
    return real(from, to);
  };
}
syncBuiltinESMExports();
