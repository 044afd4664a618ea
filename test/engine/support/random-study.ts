import fc from 'fast-check';
import type { Coordinates } from '../../../engine/contract/scalar.ts';

/** What a study of chance has to be expanded to, found without the engine. */
export interface RandomStudy {
  readonly text: string;
  readonly tasks: readonly ExpectedTask[];
}

export interface ExpectedTask {
  /** As in addresses: `t4/u4`. */
  readonly name: string;
  readonly instances: readonly Coordinates[];
  readonly reads: ExpectedReading | undefined;
}

export type ExpectedReading =
  /** One instance of a task: at the same coordinates, except where `from` says otherwise. */
  | { readonly kind: 'one'; readonly from: (at: Coordinates) => Instance }
  /** Every instance that agrees on the axes that both have. */
  | { readonly kind: 'all'; readonly of: string };

export interface Instance {
  readonly name: string;
  readonly at: Coordinates;
}

/** What a later task may refer to. */
interface Known extends ExpectedTask {
  /** As in expressions: `t4.u4.out`. */
  readonly ref: string;
  readonly locals: readonly string[];
  /** Whether some instances of the grid are not there. */
  readonly isRagged: boolean;
  readonly isPage: boolean;
}

const form = fc.constantFrom(
  'source',
  'direct',
  'local',
  'each',
  'each',
  'all',
  'all',
  'repeat',
  'pool',
  'pool',
);

const step = fc.record({
  form,
  target: fc.nat(20),
  second: fc.nat(20),
  /** Which axes of the study it reads. */
  axes: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
  count: fc.integer({ min: 1, max: 3 }),
  leavesOut: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Studies with axes, matrices, groups, repeats, pools, `if`, `each`, `all` and `per`. */
export const randomStudy: fc.Arbitrary<RandomStudy> = fc
  .record({
    sizes: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 }),
    steps: fc.array(step, { minLength: 1, maxLength: 7 }),
  })
  .map(({ sizes, steps }) => new StudyBuilder(sizes).build(steps));

/** Larger tasks are not read any further: a plan should take milliseconds. */
const mostInstances = 24;
const axisNames = ['a', 'b', 'c'];

class StudyBuilder {
  readonly #axes: ReadonlyMap<string, readonly string[]>;
  readonly #known: Known[] = [];
  readonly #lines: string[] = [];

  constructor(sizes: readonly number[]) {
    this.#axes = new Map(sizes.map((size, n) => [axisNames[n]!, valuesOf(axisNames[n]!, size)]));
  }

  build(steps: readonly Step[]): RandomStudy {
    for (const [n, each] of steps.entries()) this.#add(each, n);
    const matrix = [...this.#axes].map(([axis, values]) => `${axis}: [${values.join(', ')}]`);
    const head = [
      'study: chance',
      ...(matrix.length > 0 ? [`matrix: { ${matrix.join(', ')} }`] : []),
      'tasks:',
    ];
    return { text: `${[...head, ...this.#lines].join('\n')}\n`, tasks: this.#known };
  }

  #add(drawn: Step, n: number): void {
    const small = this.#known.filter(({ instances }) => instances.length <= mostInstances);
    // A direct reference means the one instance at my place.
    const single = small.filter(({ locals, isRagged }) => locals.length === 0 && !isRagged);
    const scores = small.filter(({ isPage }) => !isPage);
    const one = pick(single, drawn.target);
    switch (drawn.form) {
      case 'source': {
        this.#plain(drawn, n, undefined);
        return;
      }
      case 'direct': {
        this.#plain(drawn, n, one);
        return;
      }
      case 'local': {
        this.#local(drawn, n, one);
        return;
      }
      case 'each': {
        this.#each(drawn, n, pick(small, drawn.target));
        return;
      }
      case 'all': {
        this.#all(drawn, n, pick(scores, drawn.target));
        return;
      }
      case 'repeat': {
        this.#repeat(
          drawn,
          n,
          pick(
            single.filter(({ isPage }) => !isPage),
            drawn.target,
          ),
        );
        return;
      }
      case 'pool': {
        this.#pool(drawn, n, {
          first: pick(
            single.filter(({ isPage }) => !isPage),
            drawn.target,
          ),
          rest: pick(
            scores.filter(({ locals }) => locals.length > 0),
            drawn.second,
          ),
        });
        return;
      }
    }
  }

  /** Reads axes, and perhaps one task that stands where it stands itself. */
  #plain(drawn: Step, n: number, from: Known | undefined): void {
    const axes = this.#read(drawn);
    this.#lines.push(`  t${n}: { ${command(axes, from && from.ref)} }`);
    this.#know(n, {
      instances: grid(from?.instances ?? [{}], this.#gridOf(axes)),
      reads: from && sameOf(from),
      isRagged: from?.isRagged ?? false,
    });
  }

  #local(drawn: Step, n: number, from: Known | undefined): void {
    const axes = this.#read(drawn);
    const axis = `m${n}`;
    const values = valuesOf(axis, drawn.count);
    const leavesOut = drawn.leavesOut && values.length > 1;
    const guard = leavesOut ? `if: matrix.${axis} != "${values[0]!}", ` : '';
    this.#lines.push(
      `  t${n}: { matrix: { ${axis}: [${values.join(', ')}] }, ${guard}${command(axes, from?.ref)} }`,
    );
    const all = grid(from?.instances ?? [{}], { ...this.#gridOf(axes), [axis]: values });
    this.#know(n, {
      instances: leavesOut ? all.filter((at) => at[axis] !== values[0]) : all,
      reads: from && sameOf(from),
      locals: [axis],
      isRagged: leavesOut,
    });
  }

  #each(drawn: Step, n: number, of: Known | undefined): void {
    if (of === undefined) {
      this.#plain(drawn, n, undefined);
      return;
    }
    const axes = this.#read(drawn);
    const task = of.ref.slice(0, of.ref.lastIndexOf('.'));
    const output = of.isPage ? 'page' : 'out';
    this.#lines.push(`  t${n}: { each: ${task}, ${command(axes, `member.${output}`)} }`);
    this.#know(n, {
      instances: grid(of.instances, this.#gridOf(axes)),
      reads: sameOf(of),
      locals: of.locals,
      isRagged: of.isRagged,
    });
  }

  #all(drawn: Step, n: number, of: Known | undefined): void {
    if (of === undefined) {
      this.#plain(drawn, n, undefined);
      return;
    }
    const [first = {}] = of.instances;
    const axes = Object.keys(first);
    const per = axes.filter((_, index) => drawn.axes[index % 3]);
    const said = per.length > 0 ? `per: [${per.join(', ')}], ` : '';
    this.#lines.push(`  t${n}: { ${said}uses: report, with: { scores: "\${{ all.${of.ref} }}" } }`);
    this.#know(n, {
      instances: distinct(of.instances.map((at) => only(at, per))),
      reads: { kind: 'all', of: of.name },
      locals: per.filter((axis) => of.locals.includes(axis)),
      isPage: true,
    });
  }

  #repeat(drawn: Step, n: number, from: Known | undefined): void {
    if (from === undefined) {
      this.#plain(drawn, n, undefined);
      return;
    }
    const [axis, name] = [`s${n}`, `t${n}/u${n}`];
    this.#lines.push(
      `  t${n}: { repeat: { from: "\${{ ${from.ref} }}", to: "\${{ u${n}.out }}", times: ${drawn.count}, as: ${axis} }, tasks: { u${n}: { ${command([], 'previous')} } } }`,
    );
    const rounds = Array.from({ length: drawn.count }, (_, index) => index + 1);
    this.#know(n, {
      name,
      ref: `t${n}.u${n}.out`,
      instances: grid(from.instances, { [axis]: rounds }),
      reads: {
        kind: 'one',
        from: (at) =>
          at[axis] === 1 ? instanceOf(from, at) : { name, at: { ...at, [axis]: Number(at[axis]) - 1 } },
      },
      locals: [axis],
    });
  }

  /** A pool of one task and all of another, and a task for each member. */
  #pool(
    drawn: Step,
    n: number,
    { first, rest }: { readonly first: Known | undefined; readonly rest: Known | undefined },
  ): void {
    // Along one axis alone it is plain in what order its instances come.
    const isLine =
      rest?.locals.length === 1 &&
      Object.keys(rest.instances[0] ?? {}).every(
        (each) => rest.locals.includes(each) || each in (first?.instances[0] ?? {}),
      );
    if (first === undefined || rest === undefined || !isLine) {
      this.#plain(drawn, n, undefined);
      return;
    }
    const axis = `p${n}`;
    this.#lines.push(
      `  ${axis}: { uses: pool, with: { models: ["\${{ ${first.ref} }}", "\${{ all.${rest.ref} }}"] } }`,
      `  t${n}: { each: ${axis}, ${command([], 'member.out')} }`,
    );
    const members = (at: Coordinates): readonly Instance[] => [
      instanceOf(first, at),
      ...agreeing(rest.instances, only(at, Object.keys(first.instances[0]!))).map((each) => ({
        name: rest.name,
        at: each,
      })),
    ];
    this.#know(n, {
      instances: first.instances.flatMap((at) => members(at).map((_, index) => ({ ...at, [axis]: index }))),
      reads: { kind: 'one', from: (at) => members(at)[Number(at[axis])]! },
      locals: [axis],
      isRagged: true,
    });
  }

  #know(n: number, task: Pick<ExpectedTask, 'instances' | 'reads'> & Partial<Known>): void {
    const isPage = task.isPage ?? false;
    const ref = `t${n}.${isPage ? 'page' : 'out'}`;
    this.#known.push({ name: `t${n}`, ref, locals: [], isRagged: false, isPage, ...task });
  }

  #read({ axes }: Step): readonly string[] {
    return [...this.#axes.keys()].filter((_, index) => axes[index]);
  }

  #gridOf(axes: readonly string[]): Grid {
    return Object.fromEntries(axes.map((axis) => [axis, this.#axes.get(axis) ?? []]));
  }
}

function command(axes: readonly string[], from: string | undefined): string {
  const words = ['echo', ...axes.map((axis) => `"\${{ matrix.${axis} }}"`)];
  const inputs = from === undefined ? '' : `, inputs: { i: "\${{ ${from} }}" }`;
  return `uses: command, with: { run: [${words.join(', ')}], outputs: { out: { type: scores } }${inputs} }`;
}

function pick<T>(all: readonly T[], index: number): T | undefined {
  return all[index % Math.max(1, all.length)];
}

function valuesOf(axis: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${axis}v${index}`);
}

type Grid = { readonly [axis: string]: readonly (string | number)[] };

/** Each of the places at each point of a grid; axes that a place has already are left as they are. */
function grid(places: readonly Coordinates[], axes: Grid): readonly Coordinates[] {
  return Object.entries(axes).reduce<readonly Coordinates[]>(
    (all, [axis, values]) =>
      all.flatMap((at) => (axis in at ? [at] : values.map((value) => ({ ...at, [axis]: value })))),
    places,
  );
}

function sameOf(task: ExpectedTask): ExpectedReading {
  return { kind: 'one', from: (at) => instanceOf(task, at) };
}

/** The instance of a task at a place, which may have more axes than the task. */
function instanceOf({ name, instances }: ExpectedTask, at: Coordinates): Instance {
  return { name, at: only(at, Object.keys(instances[0] ?? {})) };
}

export function agreeing(all: readonly Coordinates[], place: Coordinates): readonly Coordinates[] {
  return all.filter((at) =>
    Object.entries(at).every(([axis, value]) => !(axis in place) || place[axis] === value),
  );
}

function only(at: Coordinates, axes: readonly string[]): Coordinates {
  return Object.fromEntries(Object.entries(at).filter(([axis]) => axes.includes(axis)));
}

function distinct(all: readonly Coordinates[]): readonly Coordinates[] {
  return [...new Map(all.map((at) => [coordinatesText(at), at])).values()];
}

/** One text for one place, whatever the order of its axes. */
export function coordinatesText(at: Coordinates): string {
  return JSON.stringify(Object.entries(at).sort(([a], [b]) => (a < b ? -1 : 1)));
}
