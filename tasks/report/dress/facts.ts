import type { StudyRecord } from '../../../engine/contract/study-record.ts';
import { html } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { plural } from '../page/numbers.ts';
import { durationText, hoursText, momentText } from '../page/times.ts';
import { unitsOf } from './summary.ts';
import type { DeviceSummary, MakerSummary, Summary } from './summary.ts';

interface Fact {
  readonly name: string;
  readonly value: Html;
}

/** What was run, when, on what, and what of it was there before. */
export function factsOf(record: StudyRecord, summary: Summary): Html {
  const facts = [...ofTheStudy(record), ...ofTheRun(record, summary), ...ofTheWork(summary)];
  return html`<dl class="guide record">
    ${facts.map(
      ({ name, value }) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}

function ofTheStudy({ study, file, params, smoke, command }: StudyRecord): readonly Fact[] {
  const given = Object.entries(params);
  return [
    {
      name: 'Study',
      value: html`${study}, <code>${file}</code>${smoke ? ', as a smoke test (--smoke)' : ''}`,
    },
    ...(given.length === 0
      ? []
      : [
          {
            name: 'Parameters',
            value: html`${given.map(([name, value]) => html`<code class="param">${name}=${asText(value)}</code> `)}`,
          },
        ]),
    { name: 'Shown again by', value: html`<code class="command">${command}</code>` },
  ];
}

function ofTheRun({ run, version }: StudyRecord, { span }: Summary): readonly Fact[] {
  const took = run?.durationMs === undefined ? '' : `, took ${durationText(run.durationMs)}`;
  return [
    {
      name: 'Run',
      value:
        run === undefined
          ? html`none: this page was made between runs, from what was there`
          : html`<code>${run.run}</code>, begun
              ${momentText(run.startedAt)}${took}${run.slots.length === 0 ? '' : `, slots ${run.slots.join(', ')}`}`,
    },
    ...(span === undefined
      ? []
      : [
          {
            name: 'Results from',
            value: html`${momentText(span.from)} to ${momentText(span.to)}`,
          },
        ]),
    { name: 'Written by', value: html`sweetspot ${version}` },
  ];
}

function ofTheWork(summary: Summary): readonly Fact[] {
  const { results, missing, devices, madeBy, reusedMs, versions } = summary;
  return [
    {
      name: 'Results',
      value: html`${plural(results, 'result')}${missing === 0 ? '' : `, ${missing} still to come`}`,
    },
    ...(results === 0
      ? []
      : [
          { name: 'Computed on', value: html`${list(devices.map(deviceText))}` },
          { name: 'Computed by', value: html`${list(madeBy.map(makerText))}` },
        ]),
    ...(reusedMs === undefined || reusedMs === 0
      ? []
      : [{ name: 'Spared by the cache', value: html`${hoursText(reusedMs)} of computing, taken over` }]),
    ...(versions.length === 0
      ? []
      : [
          {
            name: 'Versions',
            value: html`${list(versions.map((one) => html`${one.component} ${one.versions.join(', ')}`))}`,
          },
        ]),
  ];
}

function deviceText({ deviceClass, backends, results, totalMs }: DeviceSummary): Html {
  const units = unitsOf(deviceClass);
  const hours = hoursText(totalMs * units);
  const what = deviceClass.startsWith('gpu')
    ? `${hours} of GPU time`
    : `${hours} of CPU time${units === 1 ? '' : ` (${units} threads)`}`;
  const by = backends.filter((backend) => backend !== 'none').join(', ');
  return html`<code>${deviceClass === '' ? 'none' : deviceClass}</code>${by === '' ? '' : `, ${by}`}: ${what},
    ${plural(results, 'result')}`;
}

function makerText({ maker, results, totalMs }: MakerSummary): Html {
  const amount = `${plural(results, 'result')}, ${durationText(totalMs)}`;
  if (maker === 'this-run') return html`this run: ${amount}`;
  if (maker === 'unknown') return html`others, through a shared store, or runs that are forgotten: ${amount}`;
  if ('run' in maker) {
    const who = maker.member === undefined ? '' : ` of ${maker.member}`;
    return html`run <code>${maker.run}</code>${who}: ${amount}`;
  }
  return 'remote' in maker
    ? html`others, by way of remote <code>${maker.remote}</code>: ${amount}`
    : html`others, by way of archive <code>${maker.archive}</code>: ${amount}`;
}

function list(items: readonly Html[]): Html {
  return items.length === 1
    ? items[0]!
    : html`<ul>
        ${items.map((item) => html`<li>${item}</li>`)}
      </ul>`;
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
