import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Command } from 'commander';
import { createGateway } from '../gateway/server.ts';
import { wire } from '../worker/services.ts';
import { readSettings } from '../worker/settings.ts';

export function addUp(program: Command): void {
  program
    .command('up')
    .description('run gateway and worker against the current kubeconfig and Temporal; runbooks observe until told otherwise')
    .option('--auto', 'act, whatever mode the runbooks are in')
    .action(({ auto }: { auto?: true }) => up(auto ?? false));
}

async function up(auto: boolean): Promise<void> {
  const settings = readSettings(process.env);
  const secret = settings.PARAMEDIC_GATEWAY_SECRET;
  if (!secret)
    throw new Error('PARAMEDIC_GATEWAY_SECRET is not set: senders of alerts must show it; choose one of at least 16 characters.');
  const { log, worker, intake } = await wire(settings, auto ? 'auto' : null);
  const gateway = createGateway({ intake, secret, log: (message, fields) => log.warn(fields, message) });
  gateway.listen(settings.PARAMEDIC_GATEWAY_PORT, settings.PARAMEDIC_GATEWAY_HOST);
  await once(gateway, 'listening');
  const { address, port } = gateway.address() as AddressInfo;
  log.info(
    { address, port, cluster: intake.cluster, modes: intake.runbooks.map(({ name, mode }) => `${name}: ${mode}`) },
    'Listening for alerts.',
  );
  try {
    await worker.run();
  } finally {
    gateway.close();
    gateway.closeAllConnections();
  }
}
