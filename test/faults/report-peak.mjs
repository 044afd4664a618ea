// For NODE_OPTIONS: says at the end how much memory the process had at most.
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  const file = process.env['SWEETSPOT_TEST_PEAK'];
  if (file !== undefined) writeFileSync(file, String(process.resourceUsage().maxRSS * 1024));
});
