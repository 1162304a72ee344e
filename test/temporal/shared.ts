/** What the test files of one run of jest have in common, since a server and a bundle take seconds each. */
export interface Shared {
  readonly address: string;
  /** The workflows, bundled. */
  readonly codePath: string;
}

const ADDRESS = 'TEST_TEMPORAL_ADDRESS';
const CODE_PATH = 'TEST_WORKFLOW_BUNDLE';

/** Test files run in processes of their own, which see the environment of the one that started them. */
export function share({ address, codePath }: Shared): void {
  process.env[ADDRESS] = address;
  process.env[CODE_PATH] = codePath;
}

/** Null outside of jest's project `temporal`. */
export function shared(): Shared | null {
  const { [ADDRESS]: address, [CODE_PATH]: codePath } = process.env;
  return address && codePath ? { address, codePath } : null;
}
