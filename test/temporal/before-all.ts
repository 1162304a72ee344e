import { DefaultLogger, Runtime } from '@temporalio/worker';
import { writeBundle } from './bundle.ts';
import { startTemporal } from './server.ts';
import { share } from './shared.ts';

let end: () => Promise<void> = async () => undefined;

/** Jest's globalSetup. */
export default async function shareTemporal(): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const [environment, bundle] = await Promise.all([startTemporal(), writeBundle()]);
  share({ address: environment.address, codePath: bundle.codePath });
  end = async () => {
    bundle.remove();
    await environment.teardown();
  };
}

export const endShared = () => end();
