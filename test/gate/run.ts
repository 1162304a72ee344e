/** Runs all that must hold before a commit, `npm run ok`: what does not disturb one another at once, and nothing more once one has failed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Scripts of package.json. The real node waits most of the time, and would wait too long beside two clusters. */
const STAGES: readonly (readonly string[])[] = [['types', 'lint', 'boundaries', 'dead-code'], ['quick', 'real-node'], ['real']];

for (const stage of STAGES) {
  const failed = (await Promise.all(stage.map((name, index) => run(name, index === 0)))).filter((name) => name !== null);
  if (failed.length > 0) {
    console.error(`Failed: ${failed.join(', ')}.`);
    process.exit(1);
  }
}

/** Returns null when the script succeeded, else its name. @param isLive what it says is shown at once, not when it has ended */
async function run(name: string, isLive: boolean): Promise<string | null> {
  const began = Date.now();
  const output = isLive ? 'inherit' : 'pipe';
  const child = spawn('npm', ['run', '-s', name], { stdio: ['ignore', output, output] });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (some: Buffer) => said.push(some));
  const [code] = await once(child, 'close');
  process.stdout.write(Buffer.concat(said));
  console.log(`${name} ${code === 0 ? 'is well' : 'failed'} after ${Math.round((Date.now() - began) / 1000)} s.`);
  return code === 0 ? null : name;
}
