// Loaded into the processes of a run (`node --require`): stops the process that is about to give a snapshot its name under
// SWEETSPOT_STOP_UNDER, its SWEETSPOT_STOP_AT-th one, after it has left its number at SWEETSPOT_STOP_MARK; nobody where somebody has done so
// before.
const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');

const { SWEETSPOT_STOP_UNDER: under, SWEETSPOT_STOP_AT: at, SWEETSPOT_STOP_MARK: mark } = process.env;
let left = Number(at);

const { rename } = fs.promises;
fs.promises.rename = async (from, to) => {
  if (String(to).startsWith(under) && --left === 0 && !fs.existsSync(mark)) {
    fs.writeFileSync(`${mark}.new`, String(process.pid));
    fs.renameSync(`${mark}.new`, mark);
    process.kill(process.pid, 'SIGSTOP');
  }
  await rename(from, to);
};
syncBuiltinESMExports();
