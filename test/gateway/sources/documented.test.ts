import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { faultText } from '../../../runbooks/fault.ts';
import { parseSources } from '../../../runbooks/load.ts';
import { OWN_SOURCES } from '../../../runbooks/sources.ts';
import { alertsIn } from './all-sources.ts';
import { CLOUD_EVENT, DATADOG } from './samples.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'sources.md'), 'utf8');

/** What the page shows as an example in a language under a heading. */
function example(heading: string, language: string): string {
  const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0];
  const text = section?.split(`\`\`\`${language}\n`)[1]?.split('```')[0];
  if (text === undefined) throw new Error(`docs/sources.md has no example in ${language} under "${heading}".`);
  return text;
}

describe('docs/sources.md', () => {
  it('names every source', () => {
    for (const word of OWN_SOURCES) expect(page).toContain(`/alerts/${word}`);
  });

  it('shows an event of drift that is the alert it says', async () => {
    expect(await alertsIn('cloudevents', JSON.parse(example('CloudEvents', 'json')))).toMatchObject([
      {
        name: 'DataDriftDetected',
        labels: { namespace: 'ml', inferenceservice: 'churn', feature: 'age', value: '0.42', quality_kind: 'inputDrift' },
      },
    ]);
    expect(JSON.parse(example('CloudEvents', 'json')).type).toBe(CLOUD_EVENT.type);
  });

  it('asks Datadog for a payload whose variables make an alert', async () => {
    const template: Record<string, string> = JSON.parse(example('Datadog', 'json'));
    expect(Object.keys(template).sort()).toEqual(Object.keys(DATADOG).sort());
    // A variable that Datadog does not know stays as it is written, and says nothing.
    const unknown = { ...template, monitor: '1', transition: 'Triggered' };
    expect(await alertsIn('datadog', unknown)).toMatchObject([{ name: '', labels: {}, annotations: {} }]);
  });

  it('shows a sources.yaml that has no fault', () => {
    const { sources, faults } = parseSources('sources.yaml', example('Any other', 'yaml'));
    expect(faults.map(faultText)).toEqual([]);
    expect(Object.keys(sources.sources)).toEqual(['nightly-checks']);
  });
});
