/** What `--help` of a command ends with. */
export interface Help {
  /** What a reader has to know before the first use; wrapped by hand at 78 columns. */
  readonly notes?: readonly string[];
  /** A command line, and what it does. */
  readonly examples: readonly (readonly [line: string, does: string])[];
}

/** Help by command, as it is called: `run`, `cache gc`. A test sees to it that each command has some, and that they parse. */
export const help: { readonly [command: string]: Help } = {
  run: {
    notes: [
      'Whatever has a result in the store is not run again; so the same command goes',
      'on where an earlier one stopped. Ctrl-C once drains: what runs finishes. Twice',
      'stops: running tasks snapshot themselves and end.',
    ],
    examples: [
      ['sweetspot run study.yaml', 'run it, to its report in out/STUDY'],
      ['sweetspot run study.yaml --smoke', 'every task, tiny: does it hold together?'],
      ['sweetspot run study.yaml --dry-run', 'what would run, and why'],
      ['sweetspot run study.yaml --only heatmaps@seed=0 --only boxes', 'these, and what they need'],
      ['sweetspot run study.yaml --param rounds=5', 'with another value for a parameter'],
      ['sweetspot run study.yaml --data voc=/data/VOCdevkit', 'where a data set lies'],
      ['sweetspot run study.yaml --slots gpu:0,gpu:1/2', 'GPU 0, and two slots on GPU 1'],
      ['sweetspot run study.yaml --executor slurm --detach', 'on a cluster, driver and all'],
      ['sweetspot run study.yaml --locked', 'the same bytes as when it was published?'],
      ['sweetspot run study.yaml --json > events.jsonl', 'for programs: docs/json-output.md'],
    ],
  },
  plan: {
    notes: [
      'States: cached (a result stands), run (none does), if-changed (known once what',
      'it follows has run). Times are those of earlier runs; ? where there are none.',
    ],
    examples: [
      ['sweetspot plan study.yaml', 'what would run, and why'],
      ['sweetspot plan study.yaml --only lrr --all', 'a row for each instance of a group'],
      ['sweetspot plan study.yaml --graph mermaid', 'the graph, to paste into a page'],
      ['sweetspot plan study.yaml --json', 'for programs: docs/json-output.md'],
    ],
  },
  report: {
    notes: [
      'Reads what is in the store: safe beside a run of the same study. Runs nothing',
      'else and stores nothing; once the study is done, its report takes the place.',
    ],
    examples: [
      ['sweetspot report study.yaml', 'how it stands, in out/STUDY/report.html'],
      ['sweetspot run study.yaml --report-every 10m', 'run it, and keep the report fresh'],
      ['sweetspot report study.yaml --param rounds=5', 'the same parameters as the run'],
    ],
  },
  diff: {
    notes: [
      'Tasks are compared by what their keys are made of, so that an option that was',
      'changed stands once, beside everything that merely followed from it. A run is',
      "`last`, its name, how that begins or ends, or a study's name: its newest run.",
      'The page pairs scores of studies with other tasks too: by model, metric, method,',
      'set and sparsity.',
    ],
    examples: [
      ['sweetspot diff 20260715-0901 last', 'since that run'],
      ['sweetspot diff 20260715-0901 last --page diff.html', 'to look at'],
      ['sweetspot diff quickstart my-study --page diff.html', 'the newest run of each'],
      ['sweetspot diff 20260715-0901 last --all', 'every score that differs'],
      ['sweetspot diff 20260715-0901 last --json', 'for programs: docs/json-output.md'],
    ],
  },
  ui: {
    notes: [
      'A page for this machine alone, that changes nothing: slots, progress, failures,',
      'logs and the report so far. It reads the store: it outlives run and driver.',
    ],
    examples: [
      ['sweetspot ui', 'the latest run, and each one that begins after it'],
      ['sweetspot ui --port 8080', 'at an address that stays, e.g. behind ssh -L'],
      ['sweetspot ui 20260716-1002', 'one run'],
    ],
  },
  lock: {
    notes: [
      'study.lock holds of each task its key and the digest of each output. Keep it',
      'with the study: `run --locked` then proves that it still gives the same bytes,',
      'or names each option, version, data set or output that is not the same.',
    ],
    examples: [
      ['sweetspot lock study.yaml', 'from what is cached; run nothing'],
      ['sweetspot run study.yaml --write-lock', 'run what is missing, then write it'],
      ['sweetspot lock study.yaml --check', 'compare what is cached; run nothing'],
      ['sweetspot run study.yaml --locked', 'run what is missing, and compare'],
    ],
  },
  debug: {
    notes: [
      'Takes a task as a recorded run planned it, lays out what it reads in a folder,',
      'debug/ADDRESS, and runs its code in this process: no worker, no claim, nothing',
      'published. Says what came out, and whether it is what is recorded. Scripts and',
      'data count as they are now: mend them and try again. The folder stays where the',
      'task failed.',
    ],
    examples: [
      ['sweetspot debug heatmaps@seed=0,pool=3', 'of the latest run'],
      ['sweetspot debug dense@seed=0 --keep', 'leave inputs and outputs to look at'],
      ['node --inspect-brk "$(which sweetspot)" debug dense@seed=0', 'stops before its code'],
    ],
  },
  adopt: {
    notes: [
      'Writes a study with an `import` for each file and a pool of all, and runs it.',
      'What a file is (model, classes, masks, sparsity) is read off the file; what you',
      'state is kept with it, and a sparsity that the file contradicts is an error.',
    ],
    examples: [
      ["sweetspot adopt runs --pattern 'seed{seed}/round{round}.pth'", 'a sweep, as a pool'],
      ['sweetspot adopt resnet50.pth --by torchvision --fact accuracy=80.9%', 'one file'],
      ['sweetspot adopt runs --stated runs/table.csv --dry-run', 'look before'],
    ],
  },
  export: {
    examples: [
      ['sweetspot export report page', 'copy its outputs into ./page'],
      ['sweetspot export lrr/retrain@seed=0 models', 'each task into a folder of its own'],
      ['sweetspot export dense@seed=0 dense --run 20300101-120000-abcd', 'of an earlier run'],
    ],
  },
  'data fetch': {
    notes: [
      'Each set becomes a folder INTO/NAME, there whole or not at all. An interrupted',
      'download goes on where it ended. The stimuli are released without checksums:',
      'the first download is recorded in INTO/data.lock.json, and later ones have to',
      'be the same. Copy that file to hold colleagues to the same bytes.',
    ],
    examples: [
      ['sweetspot data fetch', 'what there is'],
      ['sweetspot data fetch edge silhouette humans', 'into data/'],
      ['sweetspot data fetch all --into /data/geirhos', 'all 17 sets and the decisions'],
      ['sweetspot data fetch edge --url https://mirror/edge.tar.gz', 'from another place'],
    ],
  },
  schema: {
    examples: [
      ['sweetspot schema > study.schema.json', 'then, on top of a study:'],
      ['# yaml-language-server: $schema=./study.schema.json', 'editors check it and complete'],
    ],
  },
  setup: {
    notes: [
      'Needs Python 3 with pip and a C++ compiler; says what it downloads before it',
      'does. Without it the WebAssembly backend serves, several times slower.',
    ],
    examples: [
      ['sweetspot setup', 'with CUDA where an NVIDIA driver runs'],
      ['sweetspot setup --backend cpu', 'without the CUDA libraries'],
    ],
  },
  doctor: {
    notes: ['Exit code 3 where something here would keep a study from running.'],
    examples: [
      ['sweetspot doctor', 'backends, slots, memory, store, data sets'],
      ['sweetspot doctor --data voc=/data/VOCdevkit', 'is this data set there?'],
      ['sweetspot doctor --slots gpu:0/4', 'what these slots would be'],
    ],
  },
  status: {
    notes: [
      'Of any run in the store, also from another terminal, and of one whose driver',
      'died. RUN is a name, its beginning or its end. With --watch the exit code is',
      "the run's own.",
    ],
    examples: [
      ['sweetspot status', 'the latest run, live or past'],
      ['sweetspot status --watch', 'live, until it ends; Ctrl-C leaves the run alone'],
      ['sweetspot status 14cd', 'the run whose name ends so'],
      ['sweetspot status --watch && sweetspot export report page', 'once it is done'],
      ['sweetspot status --json', 'for programs: docs/json-output.md'],
    ],
  },
  why: {
    notes: [
      'States: cached, running, run, if-changed, failed, blocked, left out by `if`.',
      "A key is compared with the one that the same task had in the study's last run;",
      'where no run had the task, with the nearest of its kind. What changed in tasks',
      'before it is followed to its root. Many tasks are grouped by what changed.',
    ],
    examples: [
      ['sweetspot why study.yaml', 'why anything runs: all tasks, by cause'],
      ['sweetspot why study.yaml dense@seed=0', 'each field of its key that changed'],
      ['sweetspot why study.yaml lrr --param rounds=5', 'what this parameter would change'],
      ['sweetspot why study.yaml --json', 'for programs: docs/json-output.md'],
    ],
  },
  show: {
    notes: ['WHAT is an address, or the beginning of a digest or key: four digits will do.'],
    examples: [
      ['sweetspot show dense@seed=0', 'what it made and from what, when and where'],
      ['sweetspot show heatmaps', 'every instance, a row each'],
      ['sweetspot show 4f2a91', 'what lies under the digest or key'],
      ['sweetspot show dense@seed=0 --json', 'for programs: docs/json-output.md'],
    ],
  },
  log: {
    notes: [
      'Of a cached task: what it said when its result was computed. A part of an',
      'address means all that match. Long logs go through $PAGER on a terminal.',
    ],
    examples: [
      ['sweetspot log dense@seed=0', 'its last attempt in the latest run'],
      ['sweetspot log dense@seed=0 --follow', 'what it says, as it says it'],
      ['sweetspot log dense@seed=0 --attempt 1', 'of an attempt that failed before'],
      ['sweetspot log lrr --run 20300101', 'every task in a group, of an earlier run'],
    ],
  },
  ls: {
    examples: [
      ['sweetspot ls', 'runs, the newest first'],
      ['sweetspot ls --state failed,killed', 'those that did not come to a good end'],
      ['sweetspot ls heatmaps', 'tasks of the latest run: state, time, size'],
      ['sweetspot ls --run last --state failed', 'what failed in it'],
      ['sweetspot ls --json', 'for programs: docs/json-output.md'],
    ],
  },
  completion: {
    notes: [
      'Completes commands, options, studies, addresses, runs and slots. Addresses are',
      "those of the study on the line, or of the latest run's.",
    ],
    examples: [
      ['source <(sweetspot completion bash)', 'in ~/.bashrc'],
      ['source <(sweetspot completion zsh)', 'in ~/.zshrc, after compinit'],
      ['sweetspot completion fish > ~/.config/fish/completions/sweetspot.fish', 'once'],
    ],
  },
  'cache init': {
    notes: [
      'With --shared, folders are made with mode 2775 and files with 0444, whatever the',
      'umask of who makes them. Of a store that is there, all is shared. Repeat it to',
      'mend what somebody has changed by hand. With --signed, whoever uses it is served',
      'only results that somebody they trust has signed (cache key, cache trust).',
    ],
    examples: [
      ['sweetspot cache init --shared /shared/sweetspot --group team', 'for the group team'],
      ['sweetspot cache init --shared --cache .sweetspot', 'let the group of its folder in'],
      ['sweetspot cache init --quota 2TB', 'gc keeps to it, and runs warn'],
    ],
  },
  'cache key new': {
    notes: [
      'An ed25519 key, in a file of yours that nobody else can read. Results that you',
      'compute are signed with it, and `cache: { dir: DIR, signed: true }` in',
      'sweetspot.config.yaml lets only signed results of trusted people count.',
    ],
    examples: [['sweetspot cache key new', 'make it, and print its public half']],
  },
  'cache key show': { examples: [['sweetspot cache key show', 'the public half']] },
  'cache trust add': {
    examples: [['sweetspot cache trust add ada "$(cat ada.pub)"', 'what she has signed counts']],
  },
  'cache trust list': { examples: [['sweetspot cache trust list', 'who is believed']] },
  'cache trust remove': { examples: [['sweetspot cache trust remove ada', 'no longer']] },
  'cache gc': {
    examples: [
      ['sweetspot cache gc --dry-run', 'what would go'],
      ['sweetspot cache gc', 'all that nothing needs; with a quota, down to it'],
      ['sweetspot cache gc --max-size 500GB', 'make room, the longest unused first'],
      ['sweetspot cache gc --older-than 90d', 'only what nobody has stored for so long'],
      ['sweetspot cache gc --study trial --keep-runs 0', 'only what runs of this study made'],
    ],
  },
  'cache verify': {
    notes: [
      '--rerun takes a study whose results stand, runs its tasks again (or those that',
      'the addresses name), and says which gave other bytes: output, digests, and the',
      'first file that differs. Publishes nothing; the first result stands.',
    ],
    examples: [
      ['sweetspot cache verify', 'exit code 1 where something was bad'],
      ['sweetspot cache verify --rerun study.yaml', 'exit code 1 where bytes differ'],
      ['sweetspot cache verify --rerun study.yaml lrr/cut', 'of these tasks alone'],
      ['sweetspot cache verify --rerun study.yaml --sample 20', 'of twenty, by chance'],
    ],
  },
  'cache stats': { examples: [['sweetspot cache stats --json', 'how much of what, for programs']] },
  'cache push': {
    examples: [
      ['sweetspot cache push study.yaml', 'to every remote with push: true'],
      ['sweetspot cache push study.yaml --remote lab', 'to one of them'],
    ],
  },
  'cache pull': {
    examples: [['sweetspot cache pull study.yaml', 'before going where there is no network']],
  },
  'cache export': {
    notes: [
      'The tar holds results, every file of theirs, actions, logs and the study: for a',
      'machine without a network, or the appendix of a paper. README.txt in it says how',
      'to get a file out with tar and sha256sum alone. The same results give the same',
      'bytes. It is not compressed: weights hardly get smaller.',
    ],
    examples: [
      ['sweetspot cache export study.yaml study.tar', 'all results that stand here'],
      ['sweetspot cache export study.yaml paper.tar --only report', 'of these, and what they need'],
      ['sweetspot cache export study.yaml - | zstd > study.tar.zst', 'smaller'],
    ],
  },
  'cache import': {
    notes: [
      'Every blob is hashed, every result checked; what is damaged is named and left',
      'out. May be repeated: what is here already is not written again. Exit code 1',
      'where something was not taken.',
    ],
    examples: [
      ['sweetspot cache import study.tar', 'then: sweetspot show ADDRESS'],
      ['sweetspot cache import study.tar --into .', 'with the study, to run it here'],
      ['sweetspot cache import study.tar --dry-run', 'what is in it, and what is new'],
      ['zstd -dc study.tar.zst | sweetspot cache import -', 'of a compressed one'],
    ],
  },
  'cache pin': { examples: [['sweetspot cache pin paper report', 'keep it, whatever gc is told']] },
};

const commandWidth = 44;
const widest = 79;

/** The end of a command's help; empty where there is none. */
export function helpText(command: string): string {
  const { notes = [], examples } = help[command] ?? { examples: [] };
  const width = Math.min(commandWidth, Math.max(0, ...examples.map(([line]) => line.length)));
  const lines = examples.flatMap(([line, does]) =>
    line.length > width || 4 + width + does.length > widest
      ? [`  ${line}`, `      ${does}`]
      : [`  ${line.padEnd(width)}  ${does}`],
  );
  return [
    ...(notes.length > 0 ? ['', ...notes] : []),
    ...(lines.length > 0 ? ['', 'Examples:', ...lines] : []),
  ].join('\n');
}
