import { axesOf, placeText } from './places.ts';
import type { PlacedAxis } from './places.ts';
import type { Member } from './members.ts';

export interface StudyTextRequest {
  readonly study: string;
  /** The study's own file, as its users name it. */
  readonly file: string;
  readonly members: readonly Member[];
  /** A checkpoint's path, from the study's folder. */
  readonly pathOf: (member: Member) => string;
  /** Names of the classes; undefined: they are numbered. */
  readonly classes: readonly string[] | undefined;
  readonly key: string | undefined;
}

/** A study in which checkpoints are imported, each in its place, and stand in a pool. */
export function studyText(request: StudyTextRequest): string {
  const { study, file, members } = request;
  const axes = axesOf(members.map(({ place }) => place));
  const ofStudy = axes.filter(({ isOfStudy }) => isOfStudy);
  const ofTask = axes.filter(({ isOfStudy }) => !isOfStudy);
  const lines = [
    '# Checkpoints that were made elsewhere, adopted by `sweetspot adopt`. Add tasks below `pool`, or use it in a study:',
    '#',
    '#   tasks:',
    `#     made: { uses: ./${file} }`,
    '#     boxes: { each: made.pool, uses: lost, with: { model: "${{ member.model }}", data: "${{ data.masks }}" } }',
    `study: ${quoted(study)}`,
    ...table(request, axes),
    ...(ofStudy.length > 0 ? [`matrix: ${matrixText(ofStudy)}`] : []),
    'tasks:',
    '  checkpoint:',
    ...(ofTask.length > 0 ? [`    matrix: ${matrixText(ofTask)}`] : []),
    ...(isGrid(axes, members.length) ? [] : [`    if: ${quoted(placeCondition(axes))}`]),
    '    uses: import',
    '    with:',
    ...optionLines(request, axes).map((line) => `      ${line}`),
    '  pool:',
    '    uses: pool',
    ...(ofStudy.length > 0 ? [`    per: [${ofStudy.map(({ name }) => name).join(', ')}]`] : []),
    `    with: { models: ["\${{ ${ofTask.length > 0 ? 'all.' : ''}checkpoint.model }}"] }`,
  ];
  return `${lines.join('\n')}\n`;
}

/** What a checkpoint's place is called where it stands on no axis. */
export const onlyPlace = 'only';

/** Every file with what is known of it, by its place. */
function table(request: StudyTextRequest, axes: readonly PlacedAxis[]): readonly string[] {
  const { members, pathOf } = request;
  const names = axes.map(({ name }) => name);
  return [
    'params:',
    '  # By place. sha256 holds the file to its content; sparsity is what it was found to have; stated is what is said of it.',
    '  checkpoints:',
    ...members.map((member) => {
      const name = names.length === 0 ? onlyPlace : placeText(member.place, names);
      const hasModel = mayDiffer(members, ({ found }) => found.model);
      const entry = entryText(member, { hasModel, hasClasses: hasOwnClasses(request), pathOf });
      return `    ${quoted(name)}: ${entry}`;
    }),
  ];
}

/** What the table says of one file. `hasModel`, `hasClasses`: whether files differ in that. */
export function entryText(
  member: Member,
  {
    hasModel,
    hasClasses,
    pathOf,
  }: {
    readonly hasModel: boolean;
    readonly hasClasses: boolean;
    readonly pathOf: StudyTextRequest['pathOf'];
  },
): string {
  const { found, stated } = member;
  const facts = [
    `file: ${quoted(pathOf(member))}`,
    `sha256: ${quoted(found.sha256)}`,
    ...(hasModel ? [`model: ${found.model}`] : []),
    ...(hasClasses ? [`classes: ${found.classes}`] : []),
    `masks: ${found.masks}`,
    `sparsity: ${found.sparsity}`,
    `stated: ${statedText(stated)}`,
  ];
  return `{ ${facts.join(', ')} }`;
}

/** Holds where a checkpoint stands in the table. */
export function placeCondition(axes: readonly Pick<PlacedAxis, 'name' | 'values'>[]): string {
  return `${lookUp(axes)} in params.checkpoints`;
}

function optionLines(request: StudyTextRequest, axes: readonly PlacedAxis[]): readonly string[] {
  const { members, classes, key } = request;
  const [first] = members;
  const looked = (fact: string): string =>
    `${fact}: ${quoted(`\${{ params.checkpoints[${lookUp(axes)}].${fact} }}`)}`;
  const classesText =
    classes === undefined ? String(first?.found.classes ?? 0) : `[${classes.map(quoted).join(', ')}]`;
  return [
    ...[looked('file'), looked('sha256')],
    mayDiffer(members, ({ found }) => found.model) ? looked('model') : `model: ${first?.found.model ?? ''}`,
    hasOwnClasses(request) ? looked('classes') : `classes: ${classesText}`,
    ...(key === undefined ? [] : [`key: ${quoted(key)}`]),
    ...[looked('masks'), looked('sparsity'), looked('stated')],
  ];
}

/** The place of an instance, as an expression that gives the table's key. */
function lookUp(axes: readonly Pick<PlacedAxis, 'name' | 'values'>[]): string {
  if (axes.length === 0) return `'${onlyPlace}'`;
  return axes
    .map(({ name, values }, index) => {
      const isText = values.some((value) => typeof value === 'string');
      const value = isText ? `matrix.${name}` : `string(matrix.${name})`;
      return `'${index === 0 ? '' : ','}${name}=' + ${value}`;
    })
    .join(' + ');
}

function hasOwnClasses({ members, classes }: StudyTextRequest): boolean {
  return classes === undefined && mayDiffer(members, ({ found }) => found.classes);
}

function mayDiffer(members: readonly Member[], factOf: (member: Member) => unknown): boolean {
  return new Set(members.map(factOf)).size > 1;
}

function isGrid(axes: readonly PlacedAxis[], members: number): boolean {
  return axes.reduce((product, { values }) => product * values.length, 1) === members;
}

function matrixText(axes: readonly PlacedAxis[]): string {
  const texts = axes.map(({ name, values }) => {
    const items = values.map((value) => (typeof value === 'string' ? quoted(value) : String(value)));
    return `${name}: [${items.join(', ')}]`;
  });
  return `{ ${texts.join(', ')} }`;
}

function statedText(stated: Member['stated']): string {
  const facts = Object.entries(stated).map(
    ([name, value]) => `${name}: ${typeof value === 'string' ? quoted(value) : String(value)}`,
  );
  return facts.length === 0 ? '{}' : `{ ${facts.join(', ')} }`;
}

/** JSON's text of a string is YAML's in double quotes. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
