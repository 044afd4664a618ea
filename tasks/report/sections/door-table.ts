import { trusted } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { island } from '../page/island.ts';
import type { Study } from '../study/study.ts';

/** What the marks' doors name by number, for the page's script. */
export function doorTable({ doors }: Study): Html {
  return doors.table.sources.length === 0 ? trusted('') : island('door-table', doors.table);
}
