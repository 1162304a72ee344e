import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { bundleWorkflows } from './bundle.ts';

/** `npm run bundle -- FILE`: bundles the workflows once, so that a worker of an image starts without doing it. */
const file = process.argv[2];
if (file === undefined) {
  process.stderr.write('Cannot bundle the workflows: no file to write is named. Say "npm run bundle -- FILE".\n');
  process.exitCode = 2;
} else {
  const { code } = await bundleWorkflows();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, code);
}
