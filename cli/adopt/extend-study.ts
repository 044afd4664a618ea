import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { YAMLMap, YAMLSeq } from 'yaml';
import type { Scalar } from '../../engine/contract/scalar.ts';
import type { Member } from './members.ts';
import { placeText } from './places.ts';
import { entryText, onlyPlace, placeCondition } from './study-text.ts';
import { columnOf, endOf, lineEnd, startOf, withInsertions } from './text-insertions.ts';
import type { Insertion } from './text-insertions.ts';

export interface ExtendRequest {
  /** The study as it is. */
  readonly text: string;
  readonly members: readonly Member[];
  /** A checkpoint's path, from the study's folder. */
  readonly pathOf: (member: Member) => string;
}

export type Extended =
  | { readonly kind: 'extended'; readonly text: string; readonly added: number; readonly stood: number }
  /** It is no study that was adopted, or has no place for these. Nothing of it was changed. */
  | { readonly kind: 'refused'; readonly why: string };

/** An adopted study, as far as its form is still that which it was written in. */
interface Adopted {
  readonly checkpoint: YAMLMap;
  readonly options: YAMLMap;
  readonly table: YAMLMap;
  readonly axes: readonly Axis[];
}

interface Axis {
  readonly name: string;
  readonly values: YAMLSeq;
}

interface WidenedAxis extends Axis {
  /** Values that it is to have beside. */
  readonly fresh: readonly Scalar[];
}

/**
 * Adds checkpoints to a study that was adopted earlier: to its table, and to its axes. All else of it, comments and
 * corrections too, stays as somebody has left it; so does what it says of a checkpoint that it has already.
 */
export function extendStudy({ text, members, pathOf }: ExtendRequest): Extended {
  const adopted = readAdopted(text);
  if (adopted === undefined)
    return {
      kind: 'refused',
      why: 'it has no table `params.checkpoints` that a task `checkpoint` imports from',
    };
  const names = adopted.axes.map(({ name }) => name);
  const fresh: { readonly place: string; readonly member: Member }[] = [];
  for (const member of members) {
    const why = misfit(member, adopted);
    if (why !== undefined) return { kind: 'refused', why: `${member.name}: ${why}` };
    const place = names.length === 0 ? onlyPlace : placeText(member.place, names);
    const standing = adopted.table.get(place, true);
    if (standing === undefined) fresh.push({ place, member });
    else if (!isMap(standing) || standing.get('sha256') !== member.found.sha256)
      return { kind: 'refused', why: `${member.name}: another file has its place there, ${place}` };
  }
  const counts = { added: fresh.length, stood: members.length - fresh.length };
  if (fresh.length === 0) return { kind: 'extended', text, ...counts };
  const lines = fresh.map(({ place, member }) => {
    const entry = entryText(member, { ...asThere(adopted), pathOf });
    return `${JSON.stringify(place)}: ${entry}`;
  });
  const widened = adopted.axes.map((axis) => ({ ...axis, fresh: freshValues(axis, fresh) }));
  const insertions = [
    ...additions(text, adopted.table, lines),
    ...widened.flatMap((axis) => axisInsertions(text, axis)),
    ...condition(text, adopted, { widened, entries: adopted.table.items.length + fresh.length }),
  ];
  return { kind: 'extended', text: withInsertions(text, insertions), ...counts };
}

function readAdopted(text: string): Adopted | undefined {
  const document = parseDocument(text);
  if (document.errors.length > 0) return undefined;
  const table = document.getIn(['params', 'checkpoints'], true);
  const checkpoint = document.getIn(['tasks', 'checkpoint'], true);
  const options = document.getIn(['tasks', 'checkpoint', 'with'], true);
  if (!isMap(table) || table.items.length === 0 || !isMap(checkpoint) || !isMap(options)) return undefined;
  if (checkpoint.get('uses') !== 'import') return undefined;
  const first = String(valueOf(table.items[0]?.key));
  const axes = [document.get('matrix', true), checkpoint.get('matrix', true)]
    .flatMap((matrix) => (isMap(matrix) ? matrix.items : []))
    .flatMap(({ key, value }) => (isSeq(value) ? [{ name: String(valueOf(key)), values: value }] : []))
    .map((axis) => ({ axis, at: `,${first}`.indexOf(`,${axis.name}=`) }))
    .filter(({ at }) => at >= 0)
    .toSorted((a, b) => a.at - b.at)
    .map(({ axis }) => axis);
  return { checkpoint, options, table, axes };
}

/** Why a checkpoint has no place in a study, in words. */
function misfit({ place, found }: Member, adopted: Adopted): string | undefined {
  const { options, axes } = adopted;
  const names = axes.map(({ name }) => name);
  const missing = names.find((name) => !place.has(name));
  if (missing !== undefined)
    return `the pattern tells no {${missing}}, by which the study tells its checkpoints apart`;
  const unknown = [...place.keys()].find((name) => !names.includes(name) && name !== 'architecture');
  if (unknown !== undefined) return `the study does not tell its checkpoints apart by {${unknown}}`;
  const text = axes.find(({ name, values }) => isOfNumbers(values) && typeof place.get(name) !== 'number');
  if (text !== undefined) return `its {${text.name}} is no number, and all others there are`;
  const { hasModel, hasClasses } = asThere(adopted);
  const model = options.get('model');
  if (!hasModel && model !== found.model) return `it is ${found.model}, and the study is of ${String(model)}`;
  const listed = options.get('classes', true);
  const classes = isSeq(listed) ? listed.items.length : options.get('classes');
  if (!hasClasses && classes !== found.classes)
    return `it has ${found.classes} classes, and those of the study have ${String(classes)}`;
  return undefined;
}

/** What stands in the table of each checkpoint, since they differ in it. */
function asThere({ options }: Adopted): { readonly hasModel: boolean; readonly hasClasses: boolean } {
  const isLookedUp = (name: string): boolean => String(options.get(name)).includes('params.checkpoints');
  return { hasModel: isLookedUp('model'), hasClasses: isLookedUp('classes') };
}

/** Values of the places that an axis does not have yet, numbers by size. */
function freshValues(
  { name, values }: Axis,
  fresh: readonly { readonly member: Member }[],
): readonly Scalar[] {
  const isNumeric = isOfNumbers(values);
  const standing = new Set(values.items.map((item) => String(valueOf(item))));
  const told = fresh.map(({ member }) => member.place.get(name)!);
  const lacking = [...new Set(isNumeric ? told : told.map(String))].filter(
    (value) => !standing.has(String(value)),
  );
  return isNumeric ? lacking.toSorted((a, b) => Number(a) - Number(b)) : lacking;
}

/** New lines of the table, after its last one and what is noted beside that. */
function additions(text: string, table: YAMLMap, lines: readonly string[]): readonly Insertion[] {
  const end = endOf(table.items.at(-1)?.value);
  if (table.flow === true) return [{ at: end, text: lines.map((line) => `, ${line}`).join('') }];
  const indent = ' '.repeat(columnOf(text, startOf(table.items[0]?.key)));
  return [{ at: lineEnd(text, end), text: lines.map((line) => `\n${indent}${line}`).join('') }];
}

/** Numbers stand by size, texts at the end. */
function axisInsertions(text: string, { values, fresh }: WidenedAxis): readonly Insertion[] {
  return fresh.map((value) => {
    const written = JSON.stringify(value);
    const after =
      typeof value === 'number' ? values.items.find((item) => Number(valueOf(item)) > value) : undefined;
    const at = after === undefined ? endOf(values.items.at(-1)) : startOf(after);
    if (values.flow === true) return { at, text: after === undefined ? `, ${written}` : `${written}, ` };
    const indent = ' '.repeat(columnOf(text, startOf(values.items[0])) - '- '.length);
    return after === undefined
      ? { at: lineEnd(text, at), text: `\n${indent}- ${written}` }
      : { at, text: `${written}\n${indent}- ` };
  });
}

/** Leaves out places without a checkpoint, once there are some. */
function condition(
  text: string,
  { checkpoint, axes }: Adopted,
  { widened, entries }: { readonly widened: readonly WidenedAxis[]; readonly entries: number },
): readonly Insertion[] {
  const places = widened.reduce(
    (product, { values, fresh }) => product * (values.items.length + fresh.length),
    1,
  );
  if (places === entries || checkpoint.has('if')) return [];
  const asScalars = axes.map(({ name, values }) => ({ name, values: values.items.map(valueOf) }));
  const at = startOf(checkpoint.items.find(({ key }) => valueOf(key) === 'uses')?.key);
  const line = `if: ${JSON.stringify(placeCondition(asScalars))}`;
  const end = checkpoint.flow === true ? ', ' : `\n${' '.repeat(columnOf(text, at))}`;
  return [{ at, text: `${line}${end}` }];
}

function isOfNumbers({ items }: YAMLSeq): boolean {
  return items.every((item) => typeof valueOf(item) === 'number');
}

/** Of a scalar; of anything else nothing that an axis could have. */
function valueOf(node: unknown): Scalar {
  const value = isScalar(node) ? node.value : '';
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string' ? value : '';
}
