/** How many sources, and as many middles. */
const width = 20;

export interface FaultStudy {
  /** Absolute path of the file to which each execution appends a line. */
  readonly marks: string;
  /** What a task does beside its work, as shell text, by name of the task. It runs after the mark, before the output. */
  readonly before?: { readonly [task: string]: string };
  /** What a source says, by name, as the shell reads it; default: its name. */
  readonly words?: { readonly [source: string]: string };
  /** Further fields of a task, as YAML in flow style: `timeout: 5s`. */
  readonly fields?: { readonly [task: string]: string };
}

export const sources: readonly string[] = names('s');
export const middles: readonly string[] = names('m');
export const allTasks: readonly string[] = [...sources, ...middles, 'sum'];

/**
 * The study that the peers were measured with: 20 sources, 20 middles made of one source each, one sum of all middles.
 * Each execution appends its name and its process to a file, in one write.
 */
export function faultStudy(study: FaultStudy): string {
  const lines = ['study: faults', 'tasks:'];
  for (const name of sources) {
    const word = study.words?.[name] ?? name;
    lines.push(taskOf(study, { name, work: `echo ${word} > out.txt`, inputs: [] }));
  }
  for (const [index, name] of middles.entries()) {
    const source = sources[index] ?? '';
    lines.push(
      taskOf(study, { name, work: 'tr a-z A-Z < inputs/in/out.txt > out.txt', inputs: [['in', source]] }),
    );
  }
  const each = middles.map((name) => [name, name] as const);
  lines.push(taskOf(study, { name: 'sum', work: 'cat inputs/*/out.txt > out.txt', inputs: each }));
  return `${lines.join('\n')}\n`;
}

/** What each task's `out.txt` holds, made by hand. */
export function expectedTexts(words: FaultStudy['words'] = {}): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const name of sources) texts.set(name, `${words[name] ?? name}\n`);
  for (const [index, name] of middles.entries()) {
    texts.set(name, (texts.get(sources[index] ?? '') ?? '').toUpperCase());
  }
  texts.set('sum', middles.map((name) => texts.get(name) ?? '').join(''));
  return texts;
}

function taskOf(
  study: FaultStudy,
  task: {
    readonly name: string;
    readonly work: string;
    readonly inputs: readonly (readonly [string, string])[];
  },
): string {
  const { name, work, inputs } = task;
  const before = study.before?.[name];
  const script = [`echo "${name} $$" >> "$MARKS"`, ...(before === undefined ? [] : [before]), work].join(
    '\n',
  );
  const given = inputs.map(([as, from]) => `${as}: "\${{ ${from}.out }}"`).join(', ');
  const options = [
    `run: [sh, -ec, ${JSON.stringify(script)}]`,
    `env: { MARKS: ${JSON.stringify(study.marks)} }`,
    ...(inputs.length === 0 ? [] : [`inputs: { ${given} }`]),
    'outputs: { out: { type: files, path: out.txt } }',
  ];
  const fields = study.fields?.[name];
  return `  ${name}: { uses: command,${fields === undefined ? '' : ` ${fields},`} with: { ${options.join(', ')} } }`;
}

function names(letter: string): readonly string[] {
  return Array.from({ length: width }, (_, index) => `${letter}${String(index).padStart(2, '0')}`);
}

/** Shell text that waits until the file `go` lies beside the marks. */
export const untilGo: string = 'while [ ! -e "$(dirname "$MARKS")/go" ]; do sleep 0.05; done';

/** Shell text that does something the first time it runs in a rig, and says then that `first-NAME` has begun. */
export function firstTime(name: string, script: string): string {
  const mark = `echo "first-${name} $$" >> "$MARKS"`;
  return `if mkdir "$(dirname "$MARKS")/first-${name}" 2> /dev/null; then ${mark}; ${script}; fi`;
}
