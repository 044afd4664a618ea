import { doorData } from './data.ts';
import { doorDialog } from './dialog.ts';
import { doorPoints } from './points.ts';
import { doorRows } from './rows.ts';
import { doorTasks } from './tasks.ts';

/** Every point is a door: what it rests on, how that came to be, and how to make it again. One scope, since all parts share the data. */
export const doors: string = [doorData, doorRows, doorDialog, doorPoints, doorTasks].join('');
