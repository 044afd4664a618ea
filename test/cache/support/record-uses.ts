// Writes down a use of remote `team` again and again, and puts them together now and then: `record-uses.ts STORE COUNT`. Says each that is written.
import { openStore } from '../../../cache/open-store.ts';
import { noUse } from '../../../cache/remotes/remote-use.ts';
import { compactUses } from '../../../cache/remotes/uses/compact-uses.ts';
import { recordUse } from '../../../cache/remotes/uses/record-use.ts';

const [dir = '', count = '0'] = process.argv.slice(2);
const opened = await openStore({ dir });
if (opened.kind !== 'opened') throw new Error(opened.kind);
for (let done = 0; done < Number(count); done++) {
  recordUse(opened.store, new Map([['team', { ...noUse(), hits: 1 }]]));
  process.stdout.write('.');
  if (done % 5 === 4) compactUses(opened.store);
}
