import { findingText, type QualityEvidence, type Trend } from '../../incident/quality.ts';

const NAMED_MAX = 5;

/** What a person has to know to decide, a sentence each: what is complained about, what changed, which versions there are. */
export function briefingOf(evidence: QualityEvidence): readonly string[] {
  const { findings, unread } = evidence;
  return [
    ...some(findings.map(findingText)).map((text) => `Seen: ${text}.`),
    ...(unread.length === 0 ? [] : [`Alerts that do not say what they measure: ${some(unread).join(', ')}.`]),
    ...trendSaid(evidence),
    ...historySaid(evidence),
    ...upstreamSaid(evidence),
    ...registrySaid(evidence),
  ];
}

function trendSaid({ trend }: QualityEvidence): string[] {
  if (trend === null || (trend.kind === 'read' && trend.value === null)) return [];
  return [trend.kind === 'read' ? trendText(trend.value!) : `The series could not be read: ${trend.reason}`];
}

function trendText({ query, first, last, lowest, highest }: Trend): string {
  const [begun, now, low, high] = [first, last, lowest, highest].map((value) => Number(value.toPrecision(4)));
  return `Over the last day ${query} went from ${begun} to ${now}, between ${low} and ${high}.`;
}

function historySaid({ history, serving }: QualityEvidence): string[] {
  if (history.kind === 'unreadable') return [`Since when its version serves could not be read: ${history.reason}`];
  if (history.value === null) return [];
  const { sinceMs, storageUri, before } = history.value;
  const version = serving === null ? (storageUri ?? 'What it serves') : `Version ${serving}`;
  const since = sinceMs === null ? 'it cannot be told since when' : `since ${new Date(sinceMs).toISOString()}`;
  const earlier = before === null || before === storageUri ? '' : `; before it was ${before}`;
  return [`${version} serves, ${since}${earlier}.`];
}

function upstreamSaid({ upstream }: QualityEvidence): string[] {
  if (upstream.kind === 'unreadable') return [`Jobs of its namespace could not be read: ${upstream.reason}`];
  const at = (atMs: number | null) => (atMs === null ? '' : ` at ${new Date(atMs).toISOString()}`);
  return some(upstream.value.map(({ what, fault, atMs }) => `${what} ${fault}${at(atMs)}`)).map((text) => `Upstream: ${text}.`);
}

function registrySaid({ registry, serving }: QualityEvidence): string[] {
  if (registry.kind !== 'read') return [`Its model cannot be told from the registry: ${registry.reason}`];
  const { name, versions, aliases, promotionFreeze } = registry.model;
  const listed = some(
    versions.map(({ version, validated, quarantined }) => {
      const marks = [
        ...(version === serving ? ['serving'] : []),
        ...Object.entries(aliases).flatMap(([alias, aliased]) => (aliased === version ? [alias] : [])),
        ...(validated ? ['validated'] : []),
        ...(quarantined ? ['quarantined'] : []),
      ];
      return marks.length === 0 ? version : `${version} (${marks.join(', ')})`;
    }),
  );
  const frozen = promotionFreeze === null ? [] : [`Its promotions are frozen: ${promotionFreeze}`];
  return [`Versions of ${name}: ${listed.join('; ') || 'none'}.`, ...frozen];
}

function some(texts: readonly string[]): string[] {
  return texts.length <= NAMED_MAX ? [...texts] : [...texts.slice(0, NAMED_MAX), `${texts.length - NAMED_MAX} more`];
}
