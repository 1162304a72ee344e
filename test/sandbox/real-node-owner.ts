import { REAL_NODE_PARTS } from '../../sandbox/parts/part.ts';
import { bringUp } from '../../sandbox/sandbox.ts';

// Brings a sandbox with a real node up in the folder it is told, says where it is, and holds it until it is killed.
const { addresses } = await bringUp({
  dataDir: process.argv[2]!,
  include: REAL_NODE_PARTS,
  progress: (line) => console.error(line),
});
console.log(JSON.stringify(addresses));
setInterval(() => {}, 60_000);
