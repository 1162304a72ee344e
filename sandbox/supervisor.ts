import { once } from 'node:events';
import { type Control, openControl } from './control.ts';
import { bringUp, type Sandbox, type SandboxOptions } from './sandbox.ts';
import { claimState, removeState, type SandboxState, writeState } from './state.ts';
import { knownProcesses } from './survivors.ts';

/** What the supervisor is told, by the process that started it, once it listens. */
export type Order = Omit<SandboxOptions, 'progress' | 'signal' | 'cacheDir'> & { readonly cacheDir: string };

/** What the supervisor tells that process. */
export type Report =
  | { readonly kind: 'listening' }
  | { readonly kind: 'progress'; readonly line: string }
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly reason: string };

/** Ends everything, whether it is up or coming up. */
const ending = new AbortController();

function tell(report: Report): Promise<void> {
  if (report.kind === 'progress') console.log(`${new Date().toISOString()} ${report.line}`);
  return new Promise((resolve) => (process.connected ? process.send!(report, undefined, undefined, () => resolve()) : resolve()));
}

async function main(): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.on(signal, () => ending.abort(new Error('The sandbox was ended before it was ready.')));
  const ordered = once(process, 'message');
  await tell({ kind: 'listening' });
  const order = (await ordered)[0] as Order;
  // Whoever started us has ended before we were ready.
  const abandoned = () => ending.abort(new Error('Whoever started the sandbox ended before it was ready.'));
  process.once('disconnect', abandoned);
  let sandbox: Sandbox | null = null;
  const control = await openControl(
    () => sandbox,
    () => ending.abort(new Error('The sandbox was ended before it was ready.')),
  );
  const claim: SandboxState = {
    supervisorPid: process.pid,
    controlUrl: control.url,
    controlToken: control.token,
    startedAt: new Date().toISOString(),
    dataDir: order.dataDir,
    addresses: null,
    servers: [],
  };
  try {
    if (!claimState(order.cacheDir, claim)) throw new Error('Another sandbox is being brought up just now. Wait for it, or end it.');
    sandbox = await bringUp({ ...order, progress: (line) => void tell({ kind: 'progress', line }), signal: ending.signal });
    await keep(sandbox, control, order.cacheDir, claim, abandoned);
  } catch (error) {
    console.error(error);
    await tell({ kind: 'failed', reason: (error as Error).message });
    process.exitCode = 1;
  } finally {
    removeState(order.cacheDir, process.pid);
    control.close();
  }
  process.exit();
}

/** Stays until it is told to end, and then ends the sandbox. */
async function keep(sandbox: Sandbox, control: Control, cacheDir: string, claim: SandboxState, abandoned: () => void): Promise<void> {
  const note = async () => {
    const pids = sandbox.status().flatMap((part) => (part.state === 'exited' ? [] : [part.pid]));
    writeState(cacheDir, { ...claim, addresses: sandbox.addresses, servers: await knownProcesses(pids) });
  };
  await note();
  control.changed = note;
  process.off('disconnect', abandoned);
  await tell({ kind: 'ready' });
  if (process.connected) process.disconnect();
  if (!ending.signal.aborted) await once(ending.signal, 'abort');
  await sandbox.down();
}

await main();
