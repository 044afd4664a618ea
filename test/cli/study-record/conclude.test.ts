import { describe, expect, it } from 'vitest';
import { conclude } from '../../../cli/conclude.ts';
import { captureIo } from '../capture-io.ts';
import { recordRig } from './rig.ts';

describe('the end of a run', () => {
  it('warns of a page that was handed over as it is, and is no failure', async () => {
    const { store, outDir } = await recordRig();
    const io = captureIo();
    const code = await conclude({
      ...{ study: 'rounds', store, outDir, painted: false, io },
      summary: {
        ...{ run: 'now', dir: '', outcome: 'done', durationMs: 1, results: new Map(), slots: [] },
        ...{ counts: { done: 0, cached: 7, failed: 0, blocked: 0, notRun: 0 }, hasLooked: false },
      },
      delivery: { files: [], lost: [], problems: [], warnings: ['report is undressed'], seal: undefined },
      flags: { param: [], data: [], only: [] },
    });
    expect([code, io.stderr()]).toEqual([0, expect.stringContaining('! report is undressed') as string]);
  });
});
