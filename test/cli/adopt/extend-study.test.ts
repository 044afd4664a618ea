import { describe, expect, it } from 'vitest';
import { extendStudy } from '../../../cli/adopt/extend-study.ts';
import type { Extended } from '../../../cli/adopt/extend-study.ts';
import type { Member } from '../../../cli/adopt/members.ts';
import { studyText } from '../../../cli/adopt/study-text.ts';
import { registry } from '../../../cli/registry.ts';
import { digestOf } from '../../../cache/digest.ts';
import { loadStudy } from '../../../engine/study/load-study.ts';

type Axes = Readonly<Record<string, number | string>>;

function member(place: Axes, found: Partial<Member['found']> = {}): Member {
  const name = `${Object.values(place).join('/')}.pth`;
  return {
    ...{ name, path: `/runs/${name}`, place: new Map(Object.entries(place)), stated: { by: 'Ada' } },
    found: {
      ...{ kind: 'surveyed', sha256: digestOf(name), model: 'resnet8', classes: 4 },
      ...{ masks: 'none', sparsity: 0, ...found },
    },
  };
}

const pathOf = ({ name }: Member): string => `runs/${name}`;

function adopted(...members: readonly Member[]): string {
  return studyText({ study: 's', file: 's.yaml', members, pathOf, classes: undefined, key: undefined });
}

function extended(text: string, ...members: readonly Member[]): Extended & { readonly kind: 'extended' } {
  const result = extendStudy({ text, members, pathOf });
  if (result.kind === 'refused') throw new Error(result.why);
  return result;
}

async function checkpointsOf(text: string): Promise<readonly string[]> {
  const loaded = await loadStudy({ file: '/runs/s.yaml', text, registry });
  if (loaded.kind === 'invalid') throw new Error(JSON.stringify(loaded.diagnostics));
  return [...loaded.plan.tasks.keys()].filter((id) => id.startsWith('checkpoint')).toSorted();
}

const first = member({ seed: 0, round: 0 });
const second = member({ seed: 0, round: 2 });

describe('an adopted study', () => {
  it('takes more checkpoints, in the order that it would have been written with', async () => {
    const [other, between] = [member({ seed: 1, round: 0 }), member({ seed: 0, round: 1 })];
    const { text, added, stood } = extended(adopted(first, second), first, other, between);
    expect([added, stood]).toEqual([2, 1]);
    expect(text).toContain('matrix: { seed: [0, 1] }');
    expect(text).toContain('matrix: { round: [0, 1, 2] }');
    expect(await checkpointsOf(text)).toEqual([
      ...['checkpoint@seed=0,round=0', 'checkpoint@seed=0,round=1', 'checkpoint@seed=0,round=2'],
      'checkpoint@seed=1,round=0',
    ]);
    expect(extended(text, first, other, between)).toEqual({ kind: 'extended', text, added: 0, stood: 3 });
    // A study that already leaves places out goes on with its own condition.
    const more = extended(text, member({ seed: 1, round: 3 })).text;
    expect(more.match(/^ {4}if:/gm)).toHaveLength(1);
    expect(await checkpointsOf(more)).toHaveLength(5);
  });

  it('keeps what somebody has corrected, noted and added', () => {
    const corrected = adopted(first, second)
      .replace('stated: { by: "Ada" } }', 'stated: { by: "Bob" } } # he says so')
      .replace('\ntasks:\n', '\n\n# mine\ntasks:\n')
      .replace('[0, 2]', '[ 0,2 ]');
    const own = `${corrected}  look: { each: pool, uses: weights, with: { model: "\${{ member.model }}" } } # own\n`;
    const { text } = extended(own, first, second, member({ seed: 1, round: 2 }));
    const kept = own.split('\n').filter((line) => !/matrix:/.test(line));
    expect(text.split('\n').filter((line) => kept.includes(line))).toEqual(kept);
    expect(text).toContain('by: "Bob" } } # he says so');
    expect(text).toContain('[ 0,2 ]');
  });

  it.each<[string, Member, string]>([
    [
      'another file in its place',
      member({ seed: 0, round: 0 }, { sha256: digestOf('x') }),
      'another file has its place',
    ],
    [
      'another model',
      member({ seed: 2, round: 0 }, { model: 'resnet20' }),
      'it is resnet20, and the study is of resnet8',
    ],
    ['other classes', member({ seed: 2, round: 0 }, { classes: 7 }), 'it has 7 classes'],
    ['an axis less', member({ seed: 2 }), 'tells no {round}'],
    ['an axis more', member({ seed: 2, round: 0, way: 'a' }), 'apart by {way}'],
    ['a text among numbers', member({ seed: 2, round: 'last' }), 'its {round} is no number'],
  ])('takes nothing with %s', (_, odd, why) => {
    const refused = extendStudy({
      text: adopted(first, second),
      members: [member({ seed: 3, round: 0 }), odd],
      pathOf,
    });
    expect(refused).toEqual({ kind: 'refused', why: expect.stringContaining(why) as string });
  });

  it('is told by its form: any other study is refused', () => {
    for (const text of ['study: s\ntasks: {}\n', 'a: [', 'params: { checkpoints: {} }\n'])
      expect(extendStudy({ text, members: [first], pathOf }).kind).toBe('refused');
  });

  it('has names for its only axis, or none at all', async () => {
    const { text } = extended(adopted(member({ name: 'best' })), member({ name: '7' }));
    expect(await checkpointsOf(text)).toEqual(['checkpoint@name=7', 'checkpoint@name=best']);
    const only = adopted(member({}));
    expect(extended(only, member({}))).toEqual({ kind: 'extended', text: only, added: 0, stood: 1 });
  });
});
