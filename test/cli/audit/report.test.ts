import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildPage } from '../../../cli/audit/report/build-page.ts';
import { factsOf } from '../../../cli/audit/report/facts.ts';
import { readPeriod } from '../../../cli/audit/report/read-period.ts';
import type { AuditEntry } from '../../../incident/audit-entry.ts';
import { writeHtml } from '../../../reporting/page/write-html.ts';
import { writeMarkdown } from '../../../reporting/page/write-markdown.ts';
import { told } from '../../../reporting/stories.ts';
import { MORNING, writeMorning } from './made-trail.ts';

/** The ids of NIST AI 100-1 that Paramedic has something to say to. */
const IDS = [
  ...['GOVERN 1.4', 'GOVERN 1.5', 'GOVERN 1.6', 'GOVERN 1.7', 'GOVERN 2.1', 'GOVERN 3.2', 'GOVERN 4.3', 'GOVERN 6.2', 'MAP 3.5'],
  ...['MEASURE 2.4', 'MEASURE 2.6', 'MEASURE 2.7', 'MEASURE 2.8', 'MEASURE 3.1', 'MEASURE 3.3', 'MANAGE 1.2', 'MANAGE 1.3', 'MANAGE 1.4'],
  ...['MANAGE 2.3', 'MANAGE 2.4', 'MANAGE 3.1', 'MANAGE 3.2', 'MANAGE 4.1', 'MANAGE 4.2', 'MANAGE 4.3'],
];
const DAY = { fromMs: Date.parse('2026-03-02T00:00:00Z'), toMs: Date.parse('2026-03-03T00:00:00Z') };

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'paramedic-report-'));
  file = join(folder, 'audit.jsonl');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function report(period = DAY): Promise<{ readonly markdown: string; readonly html: string }> {
  const read = await readPeriod([file], period, () => undefined);
  const about = {
    period,
    files: ['audit.jsonl'],
    madeMs: DAY.toMs,
    linkTo: (id: string, run: string) => `https://ui.example/${encodeURIComponent(id)}/${run}`,
  };
  const page = buildPage(factsOf(read, told(read.entries, period)), about);
  return { markdown: writeMarkdown(page), html: writeHtml(page) };
}

const of = async (entries: readonly AuditEntry[], period = DAY) => {
  rmSync(file, { force: true });
  writeMorning(file, entries);
  return report(period);
};

/** The cells of the row that begins so. */
function cells(markdown: string, first: string): readonly string[] | undefined {
  const row = markdown.split('\n').find((line) => line.startsWith(`| ${first} |`));
  return row?.slice(2, -2).split(' | ').slice(1);
}
const one = '1 ([1](#incident-1))';

describe('a report', () => {
  it('counts how incidents ended, by type, by cause and by runbook, each with links to those it counts', async () => {
    const { markdown } = await of(MORNING);
    expect(markdown).toContain(
      'Told of in this period: 4 ([1](#incident-1), [2](#incident-2), [3](#incident-3), [4](#incident-4)). Opened in it: 4 ([1](#incident-1), [2](#incident-2), [3](#incident-3), [4](#incident-4)). Ended in it: 3 ([1](#incident-1), [2](#incident-2), [3](#incident-3)).',
    );
    expect(cells(markdown, 'recovered')).toEqual(['2 ([1](#incident-1), [2](#incident-2))']);
    expect(cells(markdown, 'escalated')).toEqual(['1 ([3](#incident-3))']);
    expect(cells(markdown, 'podCrash')).toEqual(['2 ([1](#incident-1), [3](#incident-3))']);
    expect(cells(markdown, 'bad-release')).toEqual(['2 ([1](#incident-1), [3](#incident-3))']);
    expect(cells(markdown, 'pod-crash bbbbbbbbbbbb')).toEqual(['1 ([3](#incident-3))']);
    expect(markdown).toContain('Incidents of which the trail does not tell that they ended: 1 ([4](#incident-4)).');
  });

  it('counts what was changed by its verdict, and what was and could not be taken back', async () => {
    const { markdown } = await of(MORNING);
    expect(cells(markdown, 'undoRelease')).toEqual(['recovered', one]);
    expect(cells(markdown, 'restart')).toEqual(['notRecovered', '1 ([3](#incident-3))']);
    expect(markdown).toContain('Could not be taken back: 1 ([3](#incident-3)).');
    expect(markdown).toContain(
      'Change undoRelease: revision 2 → revision 1; made, then recovered; permit outage/local/ml/Deployment/ranker/r1/1. Why: bad-release by the rule newest-release-fails. It exits with code 1.',
    );
  });

  it('counts what people were asked, said and commanded, how long they took, and who was refused', async () => {
    const { markdown } = await of(MORNING);
    expect(cells(markdown, 'asked for leave or a decision')).toEqual(['1 ([2](#incident-2))']);
    expect(cells(markdown, 'approved')).toEqual(['1 ([2](#incident-2))']);
    expect(cells(markdown, 'decisions that were refused')).toEqual(['1 ([2](#incident-2))']);
    expect(cells(markdown, 'refused by a person')).toEqual(['0']);
    expect(cells(markdown, 'handed over to a person')).toEqual(['2 ([3](#incident-3), [4](#incident-4))']);
    expect(cells(markdown, 'commands given')).toEqual(['1 ([C1](#command-1))']);
    expect(markdown).toContain('anna (U0ANNA, in Slack), at permit-office/local: anna froze the namespace ml: release of the ranker.');
    expect(markdown).toContain('To decide, from a question to what a person said: median 90 s, longest 90 s, of 1 ([2](#incident-2)).');
  });

  it('tells how long it took to detect and to mitigate, of those alone that say so', async () => {
    const { markdown } = await of(MORNING);
    expect(markdown).toContain(
      'until the incident was opened: median 30 s, longest 60 s, of 3 ([1](#incident-1), [2](#incident-2), [3](#incident-3)).',
    );
    expect(markdown).toContain('that it is well or contained: median 3 min, longest 3 min, of 2 ([1](#incident-1), [2](#incident-2)).');
  });

  it('counts what guards held back, what could not be told, and what is missing', async () => {
    const gap: AuditEntry = { ...MORNING[3]!, step: 'NotReported', text: 'It was never reported.', at: '2026-03-02T09:00:00.000Z' };
    const { markdown } = await of([...MORNING, gap]);
    expect(cells(markdown, 'backoff')).toEqual([one]);
    expect(markdown).toContain('Messages that a channel did not take: 1 ([3](#incident-3)).');
    expect(markdown).toContain('Entries that tell of something missing: 1 ([1](#incident-1)).');
  });

  it('tells what a machine may not do alone any more, and takes it for no incident', async () => {
    const at = '2026-03-02T09:00:00.000Z';
    const text = 'demotion pod-crash/restart/ml: a person must allow it from now on, since it made ml/Deployment/ranker worse.';
    const { markdown } = await of([...MORNING, { at, step: 'Demoted', incident: 'permit-office/local', run: 'r9', text }]);
    expect(markdown).toContain(`| ${at} | ${text} |`);
    expect(markdown).toContain('Told of in this period: 4 (');
  });

  it('has a row for each id of the NIST AI RMF, says what it supports, and never more', async () => {
    const { markdown, html } = await of(MORNING);
    const rows = markdown.split('\n').filter((line) => /^\| (GOVERN|MAP|MEASURE|MANAGE) \d/.test(line));
    expect(rows.map((row) => row.slice(2).split(' | ')[0])).toEqual(IDS);
    for (const [, , by, figures] of rows.map((row) => row.split(' | ')))
      expect([by, figures].every((cell) => cell && cell.length > 3)).toBe(true);
    expect(cells(markdown, 'MANAGE 2.4')?.at(-1)).toBe(
      'rolled back: 2 ([1](#incident-1), [2](#incident-2)); paused, frozen or left: 0; freezes that people called: 1 ([C1](#command-1))',
    );
    expect(cells(markdown, 'MANAGE 2.3')?.at(-1)).toBe('handed over with an unknown cause: 1 ([4](#incident-4))');
    expect(cells(markdown, 'MEASURE 3.1')?.at(-1)).toBe(
      'opened on a target that had another one: 2 ([1](#incident-1), [3](#incident-3)); cause not known: 1 ([4](#incident-4))',
    );
    for (const text of [markdown, html]) {
      expect(text).toContain('Paramedic supports it by');
      expect(text).not.toMatch(/compl(y|ies|iant|iance)|conform|certif/i);
    }
  });

  it('has no figure without links, and no link that leads nowhere, whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.subarray([...MORNING], { minLength: 1 }), async (some) => {
        const { markdown, html } = await of(some);
        const anchors = new Set([...markdown.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id));
        for (const [, to] of markdown.matchAll(/\]\(#([^)]+)\)/g)) expect(anchors).toContain(to);
        for (const line of markdown.split('\n').filter((text) => text.startsWith('|'))) expect(line).not.toMatch(/[:|] [1-9]\d*( \||;|$)/);
        const ids = new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
        for (const [, to] of html.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(to);
        expect(html.match(/<section /g)?.length).toBe(html.match(/<\/section>/g)?.length);
      }),
      { numRuns: 40 },
    );
  });

  it('links each incident to its page in the Web UI', async () => {
    const { markdown, html } = await of(MORNING);
    const url = 'https://ui.example/outage%2Flocal%2Fml%2FDeployment%2Franker/r1';
    expect(markdown).toContain(`(<${url}>)`);
    expect(html).toContain(`href="${url}"`);
  });

  it('tells of the period alone, and knows of an incident what was before it', async () => {
    const from = Date.parse('2026-03-02T08:01:05Z');
    const { markdown } = await of(MORNING, { fromMs: from, toMs: Date.parse('2026-03-02T08:05:00Z') });
    expect(markdown).toContain(`Told of in this period: ${one}. Opened in it: 0. Ended in it: ${one}.`);
    expect(markdown).toContain('Refusals of the guards: none in this period.');
    expect(markdown).toContain(`that it is well or contained: median 2 min, longest 2 min, of ${one}.`);
  });

  it('counts once what a writer that died had written already', async () => {
    const twice = MORNING.flatMap((entry) => (entry.step === 'Acting' || entry.step === 'Closed' ? [entry, entry] : [entry]));
    const without = (text: string) => text.replace(/^Made at .*$/m, '').replace(/broken: 0 of \d+/, '');
    expect(without((await of(twice)).markdown)).toBe(without((await of(MORNING)).markdown));
  });

  it('says where the trail is broken, and counts no line that is not as it was written', async () => {
    writeMorning(file);
    writeFileSync(file, readFileSync(file, 'utf8').replace('"outcome":"escalated"', '"outcome":"recovered"'));
    const { markdown } = await report();
    expect(markdown).toMatch(
      /The trail is broken in 1 place, the first at .*audit\.jsonl:24 \(changed\): Line 24 is not as it was written\./,
    );
    expect(markdown).toContain('Ended in it: 2 ([1](#incident-1), [2](#incident-2)).');
  });

  it('of an empty trail claims nothing', async () => {
    writeFileSync(file, '');
    const { markdown } = await report();
    expect(markdown).toContain('Told of in this period: 0. Opened in it: 0. Ended in it: 0.');
    expect(markdown).toContain('The trail tells of no incident in this period.');
    expect(markdown).not.toMatch(/[1-9]\d* \(\[/);
  });
});

describe('a report of hostile texts', () => {
  const text = '<script>alert(1)</script> "><img src=x onerror=alert(1)> [x](javascript:alert(1)) | a | \n# Closed\u2028 `x` &amp; \'';
  const hostile = MORNING.map((entry) => ({
    ...entry,
    text,
    ...(entry.remedy ? { remedy: text, before: text, after: text } : {}),
    ...(entry.who ? { who: { ...entry.who, name: text } } : {}),
    ...(entry.guard ? { guard: text } : {}),
    ...(entry.outcome ? { outcome: text } : {}),
    ...(entry.command ? { command: text } : {}),
    incident: `${entry.incident}${text}`,
  }));

  it('runs nothing, links nowhere and has no markup but its own in HTML (safety 33)', async () => {
    const { html } = await of(hostile);
    const tags = new Set([...html.matchAll(/<\/?([a-z0-9!]+)/gi)].map(([, tag]) => tag));
    expect([...tags].sort()).toEqual(
      [
        ...['!doctype', 'a', 'body', 'caption', 'div', 'h1', 'h2', 'h3', 'head', 'header', 'html', 'li', 'main', 'meta', 'nav', 'p'],
        ...['section', 'strong', 'style', 'table', 'tbody', 'td', 'th', 'thead', 'title', 'tr', 'ul'],
      ].sort(),
    );
    for (const [tag] of html.matchAll(/<[^>]+>/g)) expect(tag).not.toMatch(/\son[a-z]+=|javascript:/i);
    for (const [, url] of html.matchAll(/(?:src|href)="([^"]*)"/g)) expect(url).toMatch(/^(#[a-z0-9-]+|https:\/\/ui\.example\/)/);
  });

  it('has no markup, table cell, heading or line but its own in Markdown (safety 33)', async () => {
    const [plain, odd] = [(await of(MORNING)).markdown, (await of(hostile)).markdown];
    const shape = (of: string) => of.split('\n').map((line) => line.replaceAll(/\\./g, '').replace(/[^|#]/g, ''));
    expect(odd.replaceAll(/\\./g, '')).not.toMatch(/<(script|img)|\]\(javascript/);
    expect(shape(odd).filter((line) => line.startsWith('#')).length).toBe(shape(plain).filter((line) => line.startsWith('#')).length);
    expect(odd.split('\n').filter((line) => /^# /.test(line))).toHaveLength(1);
  });
});
