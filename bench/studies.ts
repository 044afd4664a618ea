/** The studies that the benches run: YAML text. Every task writes one small file. */

const outputs = 'outputs: { out: { type: files, path: out.txt } }';

function list(count: number): string {
  return `[${Array.from({ length: count }, (_, n) => n).join(', ')}]`;
}

/** Tasks that do not depend on each other: `noop@n=0` and so on. `command` may differ from the one that the cache knows. */
export function flatStudy(tasks: number, command = 'echo ${{ matrix.n }} > out.txt'): string {
  return [
    'study: flat',
    'tasks:',
    '  noop:',
    `    matrix: { n: ${list(tasks)} }`,
    '    uses: command',
    `    with: { run: [sh, -c, "${command}"], ${outputs} }`,
    '',
  ].join('\n');
}

/** Tasks that each read the one before. */
export function chainStudy(tasks: number, word: string): string {
  const lines = Array.from({ length: tasks }, (_, at) => {
    const inputs = at === 0 ? '' : `, inputs: { before: "\${{ c${at - 1}.out }}" }`;
    return `  c${at}: { uses: command, with: { run: [sh, -c, "echo ${word} ${at} > out.txt"]${inputs} } }`;
  });
  return ['study: chain', `defaults: { command: { with: { ${outputs} } } }`, 'tasks:', ...lines, ''].join(
    '\n',
  );
}

/** Layers, ten wide; each task reads two of the layer before. Every task has a name of its own, as generators write. */
export function layeredStudy(tasks: number): string {
  const width = 10;
  const lines = Array.from({ length: tasks / width }, (_, layer) =>
    Array.from({ length: width }, (_, at) => {
      const before = (offset: number): string => `"\${{ l${layer - 1}_${(at + offset) % width}.out }}"`;
      const inputs = layer === 0 ? '' : `, inputs: { a: ${before(0)}, b: ${before(1)} }`;
      const run = `[sh, -c, "echo ${layer} ${at} > out.txt"]`;
      return `  l${layer}_${at}: { uses: command, with: { run: ${run}${inputs} } }`;
    }),
  );
  return [
    'study: layered',
    `defaults: { command: { with: { ${outputs} } } }`,
    'tasks:',
    ...lines.flat(),
    '',
  ].join('\n');
}

/** Chains of a hundred diamonds each: a join is the top of the next. A chain has 301 tasks. */
export function diamondStudy(chains: number): string {
  const task = (name: string, inputs: string): string =>
    `      ${name}: { uses: command, with: { run: [sh, -c, "echo ${name} \${{ matrix.chain }} \${{ matrix.step }} > out.txt"], inputs: { ${inputs} } } }`;
  return [
    'study: diamonds',
    `defaults: { command: { with: { ${outputs} } } }`,
    'tasks:',
    '  top:',
    `    matrix: { chain: ${list(chains)} }`,
    '    uses: command',
    '    with: { run: [sh, -c, "echo ${{ matrix.chain }} > out.txt"] }',
    '  diamonds:',
    '    each: top',
    '    repeat: { from: "${{ member.out }}", to: "${{ join.out }}", times: 100 }',
    '    tasks:',
    task('left', 'top: "${{ previous }}"'),
    task('right', 'top: "${{ previous }}"'),
    task('join', 'left: "${{ left.out }}", right: "${{ right.out }}"'),
    '',
  ].join('\n');
}

export const tasksInChain = 301;

/** A model trained for a moment, then `tasks` evaluations of one image or a few: heavy tasks that take no time. */
export function evaluationStudy(tasks: number): string {
  return [
    'study: evaluations',
    'data:',
    '  train: { uses: shapes, split: train, count: 16 }',
    `  validation: { uses: shapes, split: validation, count: ${tasks} }`,
    'tasks:',
    '  dense: { uses: train, with: { model: resnet20, data: "${{ data.train }}", recipe: { epochs: 1, batch: 16 } } }',
    '  score:',
    `    matrix: { n: ${list(tasks)} }`,
    '    uses: evaluate',
    '    with: { model: "${{ dense.model }}", data: "${{ data.validation }}", images: "${{ matrix.n + 1 }}" }',
    '',
  ].join('\n');
}

/** A dense model and ever sparser ones, laid out for PyTorch, and each on each of the 17 sets. */
export function poolStudy({ model, members }: { readonly model: string; readonly members: number }): string {
  return [
    'study: pool',
    'data: { ood: { uses: geirhos, root: geirhos } }',
    'tasks:',
    `  dense: { uses: import, with: { file: dense.safetensors, model: ${model}, classes: 1000 } }`,
    '  thinner:',
    `    repeat: { from: "\${{ dense.model }}", to: "\${{ cut.model }}", times: ${members - 1} }`,
    '    tasks: { cut: { uses: prune, with: { model: "${{ previous }}", fraction: 0.2 } } }',
    '  pool: { uses: pool, with: { models: ["${{ dense.model }}", "${{ all.thinner.cut.model }}"] } }',
    '  weights: { each: pool, uses: export, with: { model: "${{ member.model }}" } }',
    '  human:',
    '    each: pool',
    '    matrix: { set: "${{ data.ood.sets }}" }',
    '    uses: evaluate',
    '    with: { model: "${{ member.model }}", data: "${{ data.ood }}", set: "${{ matrix.set }}" }',
    '',
  ].join('\n');
}
