import type { Addresses } from '../../sandbox/addresses.ts';
import { type SandboxStatus, sandboxDown, sandboxPart, sandboxStatus, sandboxUp } from '../../sandbox/background.ts';
import { type PartName, REAL_NODE_PARTS } from '../../sandbox/parts/part.ts';
import { INTERRUPTED_EXIT_CODE } from '../exit-codes.ts';
import type { UpOptions } from './sandbox.ts';

/** Brings the sandbox up, unless it is up already, and prints where everything is. */
export async function up({ json = false, data, port, with: asked = [], realNode = false }: UpOptions): Promise<void> {
  const include = realNode ? [...asked, ...REAL_NODE_PARTS] : asked;
  const before = await sandboxStatus();
  if (before.kind === 'up') {
    expectParts(before, include);
    tell('The sandbox is up already; end it with "paramedic sandbox down".');
    return printAddresses(before.addresses, json);
  }
  const abort = new AbortController();
  const interrupted = () => {
    tell('Ending what was started.');
    abort.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupted);
  try {
    const addresses = await sandboxUp({
      ...{ include, progress: tell, signal: abort.signal },
      ...(data === undefined ? {} : { dataDir: data }),
      ...(port === undefined ? {} : { ports: port }),
    });
    printAddresses(addresses, json);
  } catch (error) {
    if (abort.signal.aborted) process.exitCode = INTERRUPTED_EXIT_CODE;
    else throw error;
  }
}

/** Ends the sandbox, or what is left of it. */
export async function down(json: boolean): Promise<void> {
  const wasUp = await sandboxDown();
  console.log(json ? JSON.stringify({ wasUp }) : wasUp ? 'The sandbox is ended.' : 'The sandbox was not up.');
}

/** Prints how each part is doing. */
export async function status(json: boolean): Promise<void> {
  const status = await sandboxStatus();
  console.log(
    json ? JSON.stringify(status.kind === 'up' ? { ...status, addresses: withoutSecret(status.addresses) } : status) : textOf(status),
  );
  if (status.kind !== 'up' || status.parts.some(({ state }) => state !== 'running')) process.exitCode = 1;
}

/** Kills, starts or restarts a part, and says so when it is done. */
export async function actOnPart(verb: 'kill' | 'start' | 'restart', part: PartName): Promise<void> {
  await sandboxPart(verb, part);
  console.log(verb === 'kill' ? `${part} is killed.` : `${part} is ready.`);
}

function textOf(status: SandboxStatus): string {
  switch (status.kind) {
    case 'up':
      return status.parts
        .map(
          (part) => `${part.name.padEnd(24)} ${part.state === 'exited' ? part.reason : `${part.state} ${part.address}`}  ${part.logPath}`,
        )
        .join('\n');
    case 'comingUp':
      return `The sandbox is coming up, by process ${status.supervisorPid}. Its log is ${status.logPath}.`;
    case 'fallen':
      return `The sandbox has fallen: process ${status.supervisorPid}, which kept it, has ended. Its log is ${status.logPath}. Bring it up again with "paramedic sandbox up".`;
    case 'down':
      return 'The sandbox is not up.';
    default:
      return status satisfies never;
  }
}

function expectParts({ parts }: { readonly parts: readonly { readonly name: PartName }[] }, include: readonly PartName[]): void {
  const missing = include.filter((name) => !parts.some((part) => part.name === name));
  if (missing.length === 0) return;
  throw new Error(`The sandbox is up already, but without ${missing.join(' and ')}. End it with "paramedic sandbox down" first.`);
}

function printAddresses(addresses: Addresses, json: boolean): void {
  const shown = withoutSecret(addresses);
  const lines = Object.entries(shown).map(([name, value]) => `${name.padEnd(24)} ${value}`);
  console.log(json ? JSON.stringify(shown) : lines.join('\n'));
}

/** The file that holds the secret is named instead. */
function withoutSecret({ gatewaySecret: _, ...shown }: Addresses): Omit<Addresses, 'gatewaySecret'> {
  return shown;
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
