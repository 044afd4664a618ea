import { describedModel, modelNames } from '../../vision/models/catalogue.ts';
import { surveyCheckpoint } from '../../tasks/import/survey-checkpoint.ts';
import type { SurveyedCheckpoint } from '../../tasks/import/survey-checkpoint.ts';
import type { MaskSource } from '../../tasks/import/options.ts';
import { contradiction } from '../../tasks/import/statement.ts';
import type { Statement } from '../../tasks/import/statement.ts';
import type { WeightsFailure } from '../../vision/weights/failure.ts';
import type { FoundCheckpoint } from './find-checkpoints.ts';
import { placeText, typedPlaces } from './places.ts';
import type { Place } from './places.ts';
import { parseFact } from './stated-table.ts';

/** A checkpoint with its place on the study's axes, and what is known of it. */
export interface Member {
  readonly path: string;
  readonly name: string;
  readonly place: Place;
  readonly found: SurveyedCheckpoint;
  readonly stated: Statement;
}

/** Why a file cannot be adopted. */
export interface MemberProblem {
  readonly name: string;
  readonly message: string;
  readonly hint?: string;
}

type UnplacedMember = Omit<Member, 'place'> & { readonly coordinates: ReadonlyMap<string, string> };

export interface MembersRequest {
  readonly checkpoints: readonly FoundCheckpoint[];
  readonly model: string | undefined;
  readonly masks: MaskSource | undefined;
  readonly key: string | undefined;
  readonly classes: number | undefined;
  /** What is stated of a file. */
  readonly statedOf: (name: string) => Statement;
  readonly onRead?: (done: number) => void;
}

export type Members =
  | { readonly kind: 'members'; readonly members: readonly Member[] }
  | { readonly kind: 'problems'; readonly problems: readonly MemberProblem[] };

/** Reads every checkpoint. What is wrong with any is said of all at once, and then none is adopted. Throws system errors. */
export async function readMembers(request: MembersRequest): Promise<Members> {
  const read: UnplacedMember[] = [];
  const problems: MemberProblem[] = [];
  for (const [done, checkpoint] of request.checkpoints.entries()) {
    const member = await readMember(checkpoint, request);
    if ('message' in member) problems.push(member);
    else read.push(member);
    request.onRead?.(done + 1);
  }
  const places = typedPlaces(read.map(({ coordinates }) => coordinates));
  const members = read.map(({ coordinates: _, ...member }, index) => ({ ...member, place: places[index]! }));
  problems.push(...samePlace(members));
  if (problems.length === 0) problems.push(...mixed(members, request));
  return problems.length > 0 ? { kind: 'problems', problems } : { kind: 'members', members };
}

async function readMember(
  { path, name, fields }: FoundCheckpoint,
  request: MembersRequest,
): Promise<UnplacedMember | MemberProblem> {
  const { masks, key, classes } = request;
  const model = fields.get('model') ?? request.model;
  if (model !== undefined && describedModel(model) === undefined)
    return { name, message: `no model '${model}' is known`, hint: `known: ${modelNames().join(', ')}` };
  const stated: { -readonly [P in keyof Statement]: Statement[P] } = { ...request.statedOf(name) };
  for (const fact of ['sparsity', 'accuracy'] as const) {
    const text = fields.get(fact);
    const value = text === undefined ? undefined : parseFact(fact, text);
    if (text !== undefined && typeof value !== 'number')
      return { name, message: `its {${fact}} '${text}' is no share`, hint: 'e.g. 0.9 or 90' };
    if (typeof value === 'number') stated[fact] = value;
  }
  const found = await surveyCheckpoint(path, { model, masks, key });
  if (found.kind !== 'surveyed') return { name, message: found.detail, ...hintFor(found, request) };
  if (classes !== undefined && classes !== found.classes)
    return { name, message: `--classes names ${classes}, and it was trained on ${found.classes}` };
  const wrong = contradiction({ stated }, found.sparsity);
  if (wrong !== undefined)
    return {
      name,
      message: wrong,
      hint: `masks are read from: ${found.masks}; --masks says another source, or correct what is stated`,
    };
  return { path, name, coordinates: coordinatesOf(fields), found, stated };
}

/** Fields that are no axes by these names: `member.model` and `member.sparsity` are what was found. */
function coordinatesOf(fields: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const renamed: Readonly<Record<string, string>> = { model: 'architecture', sparsity: 'stated_sparsity' };
  return new Map(
    [...fields]
      .filter(([name]) => name !== 'accuracy')
      .map(([name, value]) => [renamed[name] ?? name, value]),
  );
}

function hintFor({ reason }: WeightsFailure, { model }: MembersRequest): { readonly hint?: string } {
  switch (reason) {
    case 'forbidden':
      return {
        hint: 'nothing of it was run. Where you trust it, in Python: torch.save(model.state_dict(), FILE), or safetensors.torch.save_file',
      };
    case 'no-state-dict':
      return { hint: 'say where its weights lie: --key NAME' };
    case 'mismatch':
      return model === undefined
        ? { hint: '--model NAME says what it should be; then every name that differs is told' }
        : {};
    default:
      return {};
  }
}

/** Two files in one place: `1` and `01` are the same number. */
function samePlace(members: readonly Member[]): readonly MemberProblem[] {
  const seen = new Map<string, string>();
  return members.flatMap(({ name, place }) => {
    const text = placeText(place);
    const before = seen.get(text);
    seen.set(text, name);
    if (before === undefined) return [];
    const where = text === '' ? 'the same place' : text;
    return [
      {
        name,
        message: `its place is ${where}, and so is that of ${before}`,
        hint: 'a pattern with one more field tells them apart',
      },
    ];
  });
}

/** One model and one number of classes, unless the pattern tells models apart. */
function mixed(members: readonly Member[], { checkpoints }: MembersRequest): readonly MemberProblem[] {
  const isByModel = checkpoints[0]?.fields.has('model') === true;
  const [first] = members;
  return members.flatMap(({ name, found }) => {
    if (
      first === undefined ||
      isByModel ||
      (found.model === first.found.model && found.classes === first.found.classes)
    )
      return [];
    return [
      {
        name,
        message: `it is ${found.model} of ${found.classes} classes, and ${first.name} is ${first.found.model} of ${first.found.classes}`,
        hint: 'adopt them one folder at a time, or tell them apart by {model} in --pattern',
      },
    ];
  });
}
