/** Clock changes of 2026, as they were decreed: offsets from UTC in minutes, and the moment from which each holds. */
const ZONES = {
  UTC: [['2025-01-01T00:00Z', 0]],
  'Asia/Kathmandu': [['2025-01-01T00:00Z', 345]],
  'Europe/Berlin': [
    ['2025-10-26T01:00Z', 60],
    ['2026-03-29T01:00Z', 120],
    ['2026-10-25T01:00Z', 60],
  ],
  'America/New_York': [
    ['2025-11-02T06:00Z', -300],
    ['2026-03-08T07:00Z', -240],
    ['2026-11-01T06:00Z', -300],
  ],
  // Half an hour, and in the south summer is at the year's ends.
  'Australia/Lord_Howe': [
    ['2025-10-04T15:30Z', 660],
    ['2026-04-04T15:00Z', 630],
    ['2026-10-03T15:30Z', 660],
  ],
} as const satisfies Record<string, readonly (readonly [string, number])[]>;

export type Zone = keyof typeof ZONES;
export const ZONE_NAMES = Object.keys(ZONES) as Zone[];

/** When the zone's clocks are changed in 2026, epoch milliseconds. */
export function changesOf(zone: Zone): readonly number[] {
  return ZONES[zone].slice(1).map(([at]) => Date.parse(at));
}

/** What a wall clock there shows, as a date in UTC. */
export function onTheWall(zone: Zone, atMs: number): Date {
  const since = ZONES[zone].filter(([from]) => Date.parse(from) <= atMs);
  return new Date(atMs + since.at(-1)![1] * 60_000);
}
