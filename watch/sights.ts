import type { Sight } from './follow.ts';

type Log = Readonly<Record<'info' | 'warn', (fields: object, message: string) => void>>;

/** How well each kind is seen. What changes is logged once. */
export function openSights(log: Log, count: (kind: string, isSeen: boolean | null) => void) {
  const sights = new Map<string, Sight>();

  function tell(what: string, sight: Sight, before: Sight | undefined): void {
    if (sight.kind === before?.kind) return;
    if (sight.kind === 'absent') log.info({ kind: what }, 'The cluster does not know this kind; it is looked for again every few minutes.');
    else if (sight.kind === 'forbidden')
      log.warn(
        { kind: what, permission: sight.permission, reason: sight.reason },
        'A permission is missing to watch this kind: see deploy/kubernetes/rbac.yaml.',
      );
    else if (sight.kind === 'failing') log.warn({ kind: what, reason: sight.reason }, 'This kind cannot be read; trying again.');
    else if (before && before.kind !== 'listing') log.info({ kind: what }, 'This kind is watched again.');
  }

  return {
    set(what: string, kind: string, sight: Sight): void {
      const before = sights.get(what);
      // To list it anew is no loss of sight.
      if (before && sight.kind === 'listing') return;
      tell(what, sight, before);
      sights.set(what, sight);
      count(kind, sight.kind === 'absent' ? null : sight.kind === 'watching');
    },

    /** Whether each kind was listed once, or could not be. */
    areListed: (): boolean => sights.size > 0 && [...sights.values()].every(({ kind }) => kind !== 'listing'),

    /** Whether nothing at all keeps from telling that something is over: every kind is seen, or not there. */
    areWhole: (): boolean => sights.size > 0 && [...sights.values()].every(({ kind }) => kind === 'watching' || kind === 'absent'),

    /** Why the watch is not whole, in words; null when it is. */
    whyBlind(): string | null {
      const bad = [...sights].flatMap(([what, { kind }]) => (kind === 'listing' || kind === 'failing' ? `${what} (${kind})` : []));
      if (sights.size === 0) return 'nothing is listed yet';
      return bad.length === 0 ? null : `not seen: ${bad.join(', ')}`;
    },
  };
}
