// Preloaded into every process of a run: sets its clock as the file named by SWEETSPOT_TEST_CLOCK says, in milliseconds
// added to the time that it is, looked at again and again.
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

const file = process.env['SWEETSPOT_TEST_CLOCK'];
const lookMs = 5;
const RealDate = Date;
let shiftMs = 0;
let lookedMs = -Infinity;

function now() {
  if (file !== undefined && performance.now() - lookedMs > lookMs) {
    lookedMs = performance.now();
    shiftMs = Number(readFileSync(file, 'utf8')) || 0;
  }
  return RealDate.now() + shiftMs;
}

globalThis.Date = class Date extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(now());
    else super(...args);
  }

  static now() {
    return now();
  }
};
