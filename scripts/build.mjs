// npm run build: packages and compiled sources, for `npm pack`.
import { main, prepareSources } from './prepare.mjs';

await main(async () => {
  await prepareSources();
  return 0;
});
