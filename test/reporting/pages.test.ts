import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { digestOf, digestText } from '../../reporting/digest.ts';
import { measure } from '../../reporting/measures/measure.ts';
import { Report } from '../../reporting/measures/report.ts';
import { writeHtml } from '../../reporting/page/write-html.ts';
import { writeMarkdown } from '../../reporting/page/write-markdown.ts';
import { reportPage } from '../../reporting/sections/report-page.ts';
import { told } from '../../reporting/stories.ts';
import { MORNING } from '../cli/audit/made-trail.ts';
import { ANNA, act, closed, DAY_MS, type Happened, healed, incident, msAt, reportOn, WEEK } from './told-incidents.ts';

const html = (report: Report) => writeHtml(reportPage(report));
const markdown = (report: Report) => writeMarkdown(reportPage(report));

/** A week with something of everything. */
const full = () => [
  ...Array.from({ length: 12 }, (_, index) => healed(index * 9_000, 20 + index * 40)),
  incident(
    100,
    [[0, 'Opened'], [5, 'Refused', { guard: 'backoff' }], ...act(20, 'worse'), [40, 'Escalated'], closed(900, 'escalated', 'flake')],
    {
      sent: [{ kind: 'page', atMs: msAt(140) }],
      phases: [
        { phase: 'settling', sinceMs: msAt(100) },
        { phase: 'diagnosing', sinceMs: msAt(110) },
      ],
    },
  ),
  incident(200, [
    [0, 'Opened'],
    [5, 'Asked', { plan: 'p' }],
    [50, 'Approved', { plan: 'p', who: ANNA }],
    ...act(60, 'recovered', 'raiseMemory'),
    closed(99, 'recovered'),
  ]),
  incident(300, [[0, 'Opened']]),
];

/** Where links of a page lead, and the places that it has. */
function linksOf(text: string) {
  return {
    to: [...text.matchAll(/href="#([^"]+)"|\]\(#([^)]+)\)/g)].map(([, one, other]) => one ?? other!),
    places: new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)),
  };
}

describe('the report as a page', () => {
  it('has no link that leads nowhere, no place twice and the shape that is documented, whatever it holds', () => {
    fc.assert(
      fc.property(fc.subarray([...MORNING]), fc.subarray(full()), (some, runs) => {
        const source = { kind: 'trail' as const, files: ['audit.jsonl'], faults: 0, notUnderstood: 0 };
        const ofTrail = measure(told(some, WEEK), {
          bounds: WEEK,
          nowMs: WEEK.toMs,
          source,
          beside: null,
          judgements: null,
          linkTo: () => null,
        });
        for (const report of [ofTrail, reportOn(runs)]) {
          expect(Report.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
          for (const text of [html(report), markdown(report)]) {
            const { to, places } = linksOf(text);
            for (const one of to) expect(places).toContain(one);
            expect(places.size).toBe([...text.matchAll(/ id="/g)].length);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('has bars that lead to the figures that they show', () => {
    const text = html(reportOn(full()));
    const bars = [...text.matchAll(/<a href="#([^"]+)" aria-label="[^"]*: (\d+)"><rect/g)].map(
      ([, anchor, value]) => [anchor!, value!] as const,
    );
    expect(bars.length).toBeGreaterThan(10);
    for (const [anchor, value] of bars) {
      const before = text.slice(0, text.indexOf(`<span id="${anchor}">`));
      expect(/<strong>(\d+)<\/strong>(<\/summary>| )$/.exec(before)?.[1]).toBe(value);
    }
  });

  it('folds away many links, and no paragraph of HTML holds what can be unfolded', () => {
    const runs = Array.from({ length: 12 }, (_, index) => healed(index));
    expect(html(reportOn(runs))).toMatch(/<div class="paragraph">Opened in this period: <details>/);
    expect(html(reportOn(runs))).not.toMatch(/<p>.*<details>/);
    expect(markdown(reportOn(runs))).toContain('Opened in this period: 12 ([1](#incident-1)–[12](#incident-12)).');
  });

  it('needs no script and nothing from elsewhere, and is for light, dark and paper', () => {
    const text = html(reportOn(full()));
    expect(text).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(text).not.toMatch(/<(script|img|link|iframe|object|use|image|foreignObject)\b|url\(|@import/i);
    for (const [, url] of text.matchAll(/(?:src|href)="([^"]*)"/g)) expect(url).toMatch(/^(#[a-z0-9-]+|https:\/\/ui\.example\/)/);
    expect(text).toContain('prefers-color-scheme: dark');
    expect(text).toContain('@media print');
  });

  it('has no markup but its own of hostile texts (safety 33)', () => {
    const bad = '<script>alert(1)</script> "><img src=x onerror=alert(1)> [x](javascript:alert(1)) | a | \n# Closed';
    const hostile = incident(
      10,
      [[0, 'Opened'], [1, 'Refused', { guard: bad }], ...act(9, 'recovered', bad), closed(50, bad, bad)] satisfies Happened[],
      { incident: bad, target: { cluster: bad, namespace: bad, kind: bad, name: bad }, runbook: bad, type: bad },
    );
    const report = reportOn([hostile]);
    const tags = [...html(report).matchAll(/<\/?([a-z0-9!]+)[^>]*>/gi)];
    expect(tags.map(([, tag]) => tag)).not.toContain('script');
    for (const [tag, name] of tags) {
      expect(name).not.toMatch(/^(img|script)$/i);
      expect(tag.replace(/"[^"]*"/g, '')).not.toMatch(/\son[a-z]+=|javascript:/i);
    }
    const plain = markdown(report).replaceAll(/\\./g, '');
    expect(plain).not.toMatch(/<(script|img)|\]\(javascript/);
    expect(plain.split('\n').filter((line) => line.startsWith('# '))).toHaveLength(1);
  });

  it('says what is missing, since Temporal keeps it no more or a trail never had it', () => {
    expect(markdown(reportOn([], { keptMs: DAY_MS }))).toMatch(
      /keeps what has ended for 24 hours, so that incidents that ended before 2026\\?-03\\?-08/,
    );
    expect(markdown(reportOn([], { keptMs: null }))).toContain('so that something may be missing');
    expect(markdown(reportOn([], { gone: 3 }))).toContain('The history of 3 runs was gone');
    const [one] = full();
    expect(markdown(reportOn([one!]))).not.toContain('missing');
  });

  it('claims nothing of nothing', () => {
    const text = markdown(reportOn([]));
    expect(text).toContain('There is no incident in this period.');
    expect(text).toContain('Share healed without a person: none to speak of');
    expect(text).not.toMatch(/NaN|undefined|null/);
    expect(html(reportOn([]))).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('a digest', () => {
  const of = (report: Report) => digestOf(report, WEEK);

  it('is a few lines, with the names of those that a person should look at', () => {
    const text = digestText(of(reportOn(full(), { beside: [] })));
    expect(text.split('\n').map((line) => line.replace(/https:\/\/.*/, 'LINK').replace(/ranker-\d+/g, 'ranker'))).toMatchInlineSnapshot(`
[
  "Paramedic, 2026-03-02 00:00 UTC to 2026-03-09 00:00 UTC",
  "  Incidents: 15 opened, 14 ended, 1 open.",
  "    ml/Deployment/ranker  LINK",
  "  Healed without a person: 86 % (12 of 14). Gone by itself: 0. Pages avoided: 13.",
  "  A person was needed or asked in 2.",
  "    ml/Deployment/ranker  LINK",
  "    ml/Deployment/ranker  LINK",
  "  To detect: none. To first action: median 3 min, nine in ten within 7 min (of 14). To recover: median 4 min, nine in ten within 7 min (of 13).",
  "  Made it worse: 1.",
  "    ml/Deployment/ranker  LINK",
  "  Guards refused: backoff (1).",
  "  Questions to people: 1. Until they answered: median 45 s, nine in ten within 45 s (of 1).",
  "  What failed most: local/ml/Deployment/ranker (1), local/ml/Deployment/ranker (1), local/ml/Deployment/ranker (1) and 7 more.",
  "  Actions of Temporal: 0 by incidents, 0 beside them.",
  "",
]
`);
  });

  it('leaves out what was nothing', () => {
    expect(of(reportOn([])).lines.map(({ text }) => text)).toEqual([
      'Incidents: 0 opened, 0 ended, 0 open.',
      'Healed without a person: none to speak of (0 of 0). Gone by itself: 0. Pages avoided: 0.',
      'To detect: none. To first action: none. To recover: none.',
      'Actions of Temporal: 0 by incidents, 0 beside them.',
    ]);
  });

  it('has a key for its period and cluster, whenever it is made', () => {
    const key = (change: Partial<typeof WEEK> | { readonly cluster: string }, nowMs = WEEK.toMs) =>
      digestOf(reportOn([], { nowMs }), { ...WEEK, ...change }).key;
    expect(key({})).toBe(key({}, WEEK.toMs + 5_000));
    expect(new Set([key({}), key({ cluster: 'prod' }), key({ toMs: WEEK.toMs + 1 })]).size).toBe(3);
  });

  it('says what Temporal keeps no more', () => {
    expect(of(reportOn([], { keptMs: DAY_MS })).lines.at(-1)?.text).toMatch(/is missing here/);
  });
});
