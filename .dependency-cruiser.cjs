/** The walls of the house: which room may import which. */
const room = (name) => `^${name}/`;
const only = (from, allowed) => ({
  name: `${from}-imports-only-${allowed.join('-') || 'nothing'}`,
  severity: 'error',
  from: { path: room(from) },
  to: {
    path: '^(cache|engine|vision|tasks|cli|scripts|bench|test)/',
    pathNot: [from, ...allowed].map((name) => `^${name}`),
  },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(yaml|sharp|fast-png|tsx)' },
    },
    only('cache', []),
    only('engine', ['cache/']),
    only('vision', []),
    only('tasks', ['vision/', 'engine/contract/', 'cache/json']),
    only('scripts', []),
    {
      name: 'tensors-know-nothing-above',
      severity: 'error',
      from: { path: '^vision/tensors/' },
      to: { path: '^vision/', pathNot: '^vision/tensors/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
  },
};
