import { describe, expect, it } from '@jest/globals';
import { runParamedic } from './run-paramedic.ts';

describe('paramedic drill', () => {
  it('lists what there is, what each takes and what it needs, without a cluster', async () => {
    const { code, out } = await runParamedic(['drill', 'list', '--any-cluster', '--json']);
    expect(code).toBe(0);
    const { drills } = JSON.parse(out);
    expect(drills).toContainEqual(
      expect.objectContaining({ name: 'any-cluster/image-tag-does-not-exist', needs: null, faults: [], failureType: 'podCrash' }),
    );
  });

  it.each([
    ['run without a drill', ['run', '--namespace', 'drills'], 'Name the drills to run, or give --all'],
    ['run with drills and all of them', ['run', 'a', '--all', '--namespace', 'drills'], 'Name the drills to run, or give --all'],
    ['run without a namespace', ['run', 'a'], "required option '--namespace <name>' not specified"],
    [
      'schedule that begins and ends',
      ['schedule', '--namespace', 'drills', '--every', 'week', '--off'],
      'Give --every or --off, not both.',
    ],
    ['more an hour than none', ['run', 'a', '--namespace', 'drills', '--per-hour', '0'], 'It must be a whole number from 1 to 1000.'],
  ])('makes no sense of %s', async (_, args, said) => {
    expect(await runParamedic(['drill', ...args])).toMatchObject({ code: 2, err: expect.stringContaining(said) });
  });
});
