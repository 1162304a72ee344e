import { once } from 'node:events';
import { openControl } from './control.ts';
import { bringUp, type Sandbox, type SandboxOptions } from './sandbox.ts';
import { removeState, writeState } from './state.ts';

/** What the supervisor is told, by the process that started it, once it listens. */
export type Order = Omit<SandboxOptions, 'progress' | 'cacheDir'> & { readonly cacheDir: string };

/** What the supervisor tells that process. */
export type Report =
  | { readonly kind: 'listening' }
  | { readonly kind: 'progress'; readonly line: string }
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly reason: string };

let sandbox: Sandbox | null = null;
let leaving: Promise<void> | null = null;

/** Ends everything once, whoever asks and however often. */
function down(cacheDir: string): Promise<void> {
  leaving ??= (async () => {
    await sandbox?.down();
    removeState(cacheDir);
  })();
  return leaving;
}

function tell(report: Report): Promise<void> {
  if (report.kind === 'progress') console.log(report.line);
  return new Promise((resolve) => (process.connected ? process.send!(report, undefined, undefined, () => resolve()) : resolve()));
}

async function main(): Promise<void> {
  const ordered = once(process, 'message');
  await tell({ kind: 'listening' });
  const order = (await ordered)[0] as Order;
  // Whoever started us gave up before we were ready. The lifeline ends what was started meanwhile.
  const abandoned = () => process.exit(1);
  process.once('disconnect', abandoned);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.on(signal, () => void down(order.cacheDir).finally(() => process.exit(0)));
  try {
    sandbox = await bringUp({ ...order, progress: (line) => void tell({ kind: 'progress', line }) });
  } catch (error) {
    console.error(error);
    await tell({ kind: 'failed', reason: (error as Error).message });
    process.exit(1);
  }
  const control = await openControl(sandbox, async () => {
    await down(order.cacheDir);
    control.server.close();
  });
  writeState(order.cacheDir, {
    supervisorPid: process.pid,
    controlUrl: control.url,
    controlToken: control.token,
    startedAt: new Date().toISOString(),
    addresses: sandbox.addresses,
  });
  process.off('disconnect', abandoned);
  await tell({ kind: 'ready' });
  if (process.connected) process.disconnect();
}

await main();
