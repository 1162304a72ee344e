import { describe, expect, it } from '@jest/globals';
import { statusPage } from '../../../gateway/status/page.ts';
import { openStatusReader } from '../../../gateway/status/reader.ts';
import type { StatusSources } from '../../../gateway/status/sources.ts';
import { boardOf } from '../../../guards/board.ts';
import { EMPTY_LEDGER } from '../../../guards/ledger/ledger.ts';
import { all, row, sources } from './sample.ts';

const EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)>\u202e\n\'&';

async function page(said: Partial<StatusSources>, isRefreshed = true): Promise<string> {
  const reading = await openStatusReader('prod', () => sources(said)).read();
  return statusPage(reading, { cluster: 'prod', isRefreshed });
}

/** The text of the elements of this name. */
function texts(document: string, element: string): string[] {
  const found = document.matchAll(new RegExp(`<${element}(?: [^>]*)?>([\\s\\S]*?)</${element}>`, 'g'));
  return [...found].map(([, inner]) => inner!.replace(/<[^>]+>/g, '').trim());
}

describe('the status page', () => {
  it('says at the top, and in the tab, whether somebody is needed', async () => {
    expect(texts(await page({}), 'title')).toEqual(['Nothing is open – Paramedic, prod']);
    const going = row({ target: 'ml/Deployment/a', phase: 'verifying' });
    expect(texts(await page({ open: all(going) }), 'title')).toEqual(['1 open, nobody is needed – Paramedic, prod']);
    const asking = row({ target: 'ml/Deployment/b', phase: 'asking' });
    const document = await page({ open: all(going, asking) });
    expect(texts(document, 'title')).toEqual(['1 of 2 needs a person – Paramedic, prod']);
    expect(document).toContain('<p class="summary">1 of 2 needs a person</p>');
  });

  it('shows an incident with the way to its page, its phase in words, and what it asks until when', async () => {
    const soon = new Date(Date.now() + 600_500).toISOString();
    const document = await page({
      open: all(
        row({ target: 'ml/Deployment/a', phase: 'asking', mode: 'approve', startedAt: new Date(Date.now() - 180_500).toISOString() }),
      ),
      asked: async () => ({ id: '1a2b3c4d', plan: 'restart (2 pods)', expiresAt: soon, options: null }),
    });
    expect(document).toContain(
      '<a href="http://127.0.0.1:8233/namespaces/default/workflows/outage%2Fprod%2Fml%2FDeployment%2Fa/run-1">ml/<wbr>Deployment/<wbr>a</a>',
    );
    const cells = texts(document, 'td');
    expect(cells[0]).toBe('podCrash mode approve');
    expect(cells[1]).toBe('asking waits for a decision');
    expect(cells[3]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d 3 min$/);
    expect(cells[4]).toMatch(/^restart \(2 pods\) plan 1a2b3c4d, until \d{4}-\d\d-\d\d \d\d:\d\d, 10 min left$/);
  });

  it('shows an incident that no worker has begun, by its id', async () => {
    const document = await page({
      open: all(row({ target: null, id: 'outage/prod/ml/Deployment/a', phase: null, mode: null, link: null })),
    });
    expect(texts(document, 'th')).toContain('outage/prod/ml/Deployment/a');
    expect(texts(document, 'td')[1]).toBe('not begun no worker has taken it yet');
  });

  it('says that only a worker can tell what is asked, where none does', async () => {
    const document = await page({ open: all(row({ target: 'ml/Deployment/a', phase: 'asking' }), row({ target: 'b', phase: 'untold' })) });
    expect(texts(document, 'td').filter((_, index) => index % 5 === 4)).toEqual(['–', 'no worker tells it']);
  });

  it('shows what is frozen at the top, and what each office holds back below', async () => {
    const freezes = ['Everything is frozen by ann: release.'];
    const board = async (cluster: string | null) => ({ ...boardOf(EMPTY_LEDGER, 0), freezes: cluster === null ? freezes : [] });
    const document = await page({ board });
    expect(document.indexOf(freezes[0]!)).toBeLessThan(document.indexOf('id="now"'));
    expect(texts(document, 'h3')).toEqual(['Cluster prod', 'What all clusters share']);
    expect(document).toContain('Nothing is frozen, held, refused or used up.');
    expect(await page({ board: async () => null })).toContain('No worker tells it. Where none runs, nothing is healed.');
  });

  it('counts what ended, and says where not all of it is counted', async () => {
    const ended = [
      row({ target: 'ml/Deployment/a', state: 'closed', outcome: 'recovered', closedAt: '2026-03-04T11:05:00.000Z' }),
      row({ target: 'ml/Deployment/b', state: 'broken', closedAt: '2026-03-04T10:00:40.000Z' }),
    ];
    const document = await page({ closedSince: async () => ({ rows: ended, total: 3 }) });
    expect(texts(document, 'caption')).toEqual([
      '3 ended, the latest 2 of them here: of which failure, and how.',
      'The latest 2, the last to end first.',
    ]);
    expect(texts(document, 'td')).toEqual([
      ...['1', '1', '2'],
      ...['podCrash', 'flake', '–', 'recovered', '2026-03-04 11:05', '1 h 5 min'],
      ...['podCrash', 'flake', '–', 'broken', '2026-03-04 10:00', '40 s'],
    ]);
  });

  it('lets nothing that comes from elsewhere become markup (safety 33)', async () => {
    const document = await page({
      open: all(row({ target: EVIL, cause: EVIL, phase: 'asking', failureType: EVIL, mode: EVIL, id: EVIL })),
      closedSince: all(row({ target: EVIL, state: 'closed', outcome: EVIL, remedy: EVIL })),
      asked: async () => ({ id: EVIL, plan: EVIL, expiresAt: '2026-03-04T10:30:00.000Z', options: [{ name: EVIL as 'ignore', does: '' }] }),
      board: async () => ({ ...boardOf(EMPTY_LEDGER, 0), freezes: [EVIL] }),
    });
    expect(document).not.toMatch(/<script|<img|\u202e/);
    expect(document).not.toContain('"&gt;');
    expect(document.match(/&lt;script&gt;alert\(1\)&lt;\/script&gt;/g)!.length).toBeGreaterThan(10);
    // No quotation mark of it ends an attribute: each tag is one that the page itself writes.
    const tags = new Set([...document.matchAll(/<\/?([a-z0-9]+)/g)].map(([, name]) => name));
    const ours = 'a b body caption code h1 h2 h3 h4 head header html li link main meta p section small span style table tbody td th thead';
    expect([...tags].sort()).toEqual([...ours.split(' '), 'time', 'title', 'tr', 'ul', 'wbr']);
  });

  it('tells a reader of the screen what is what: one heading of the first rank, a caption for each table, a head for each row and column', async () => {
    const document = await page({ open: all(row({ target: 'a' })), closedSince: all(row({ target: 'b', state: 'closed' })) });
    expect(texts(document, 'h1')).toHaveLength(1);
    expect(texts(document, 'table')).toHaveLength(3);
    expect(texts(document, 'caption')).toHaveLength(3);
    expect(document.match(/<th role="rowheader" scope="row">/g)).toHaveLength(3);
    expect(document).toContain('<html lang="en">');
    expect(document).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">');
    for (const [, id] of document.matchAll(/aria-labelledby="([^"]+)"/g)) expect(document).toContain(`<h2 id="${id}">`);
  });

  it('reads itself anew, and stays as it is for whoever wants it still', async () => {
    expect(await page({})).toContain('<meta http-equiv="refresh" content="30">');
    const still = await page({}, false);
    expect(still).not.toContain('http-equiv="refresh"');
    expect(still).toContain('<a href="?">');
  });

  it('says that Temporal is away, with what was known last', async () => {
    const known = await openStatusReader('prod', () => sources({ open: all(row({ target: 'ml/Deployment/a' })) })).read();
    if (known.kind !== 'now') throw new Error('It is away.');
    const { status: last } = known;
    const document = statusPage({ kind: 'away', why: 'Nothing listens there.', last }, { cluster: 'prod', isRefreshed: true });
    expect(texts(document, 'title')).toEqual(['Temporal is away – Paramedic, prod']);
    expect(document).toContain('Nothing listens there. Incidents go on where they were once it is back. What follows is as it was at');
    expect(texts(document, 'a')).toContain('ml/Deployment/a');
    expect(statusPage({ kind: 'away', why: 'x', last: null }, { cluster: 'prod', isRefreshed: true })).toContain(
      'Nothing was read before.',
    );
  });
});
