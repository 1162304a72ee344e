import { describe, expect, it } from '@jest/globals';
import { readyWorkflows } from '../../worker/bundle.ts';

describe('readyWorkflows()', () => {
  it('takes the file it is given', async () => {
    expect(await readyWorkflows(import.meta.filename)).toEqual({ codePath: import.meta.filename });
  });

  it('says what makes the file when it is not there', async () => {
    await expect(readyWorkflows('/nowhere/workflows.js')).rejects.toThrow(
      'Cannot read the workflows from /nowhere/workflows.js (PARAMEDIC_WORKFLOW_BUNDLE): it does not exist. Make it with "npm run bundle -- /nowhere/workflows.js", or unset the variable.',
    );
  });
});
