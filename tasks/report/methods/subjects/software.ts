import { hoursText } from '../../page/times.ts';
import { summarise, unitsOf } from '../../dress/summary.ts';
import type { DeviceSummary, Summary } from '../../dress/summary.ts';
import type { Evidence } from '../evidence.ts';
import { cite, code, listed, say } from '../phrase.ts';
import type { Phrase } from '../phrase.ts';
import { abadi2016, smilkov2019, sweetspotSoftware } from '../works/software.ts';

/** With what it was computed, on what, and for how long. */
export function softwareSentences({ record, done }: Evidence): readonly Phrase[] {
  const summary = summarise(record);
  const backends = new Set(done.flatMap(({ result }) => result?.backend ?? []));
  const computed = summary.devices.filter(({ deviceClass, totalMs }) => deviceClass !== '' && totalMs > 0);
  return [
    say`The study was planned and run by sweetspot ${record.version}${cite(sweetspotSoftware(record.version))}${engines(backends, summary)}.`,
    ...(computed.length === 0 ? [] : [say`It took ${listed(computed.map(deviceText))}.`]),
    ...(record.smoke
      ? [
          say`This was a smoke test: each task saw a few images and a single step, and its numbers mean nothing.`,
        ]
      : []),
    ...(summary.missing === 0
      ? []
      : [
          say`${summary.missing} of ${summary.missing + summary.results} results are not there yet; what they are of is left out above where nothing of it is done.`,
        ]),
  ];
}

function engines(backends: ReadonlySet<string>, { versions }: Summary): Phrase | undefined {
  const version = (component: string): string => {
    const found = versions.find((one) => one.component === component)?.versions ?? [];
    return found.length === 0 ? '' : ` ${found.join(' and ')}`;
  };
  const used = [
    ...(backends.has('tensorflow') ? [say`TensorFlow${version('tensorflow')}${cite(abadi2016)}`] : []),
    ...(backends.has('wasm') ? [say`the WebAssembly backend of TensorFlow.js`] : []),
  ];
  if (used.length === 0) return undefined;
  return say`, which computes with ${listed(used)} through TensorFlow.js${cite(smilkov2019)}`;
}

function deviceText({ deviceClass, totalMs }: DeviceSummary): Phrase {
  const units = unitsOf(deviceClass);
  const what = deviceClass.startsWith('gpu') ? 'GPU time' : 'processor time';
  return say`${hoursText(totalMs * units)} of ${what} on ${code(deviceClass)}`;
}
