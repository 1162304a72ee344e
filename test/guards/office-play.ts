import { type ActOutcome, EMPTY_LEDGER, type Ledger } from '../../guards/ledger/ledger.ts';
import { soundOrLost } from '../../guards/ledger/soundness.ts';
import type { LimitLayer } from '../../guards/limits.ts';
import { ask, hear, type OfficeNews, whyVoid } from '../../guards/office.ts';
import type { PermitRequest } from '../../guards/request.ts';
import type { IncidentRun } from '../../incident/incident.ts';
import type { RemedyName } from '../../incident/remedy.ts';
import { type Target, targetText } from '../../incident/target.ts';
import { NOW, read, request, surroundings } from './asked.ts';
import { type Command, RELAPSE_SECONDS, RELATED, SLOTS } from './office-commands.ts';
import { type Deed, type Moment, type Story, tellOn } from './office-story.ts';

/** An incident, one run after the other. */
interface Slot {
  readonly index: number;
  run: number;
  asks: number;
  made: number;
  permit: Deed | null;
  /** What it has said and the office has not heard yet. */
  readonly mail: OfficeNews[];
}

/** A permit is used at once or not at all. */
const USED_WITHIN_MS = 120_000;

/** Plays a story on the office; at its end everybody has left. */
export function play(commands: readonly Command[], limits: readonly LimitLayer[]): Story {
  const story: Story = { deeds: [], freezes: [], failing: [], promotions: [], resets: [], answers: [], ledgers: [] };
  const slots = SLOTS.map((_, index): Slot => ({ index, run: 1, asks: 0, made: 0, permit: null, mail: [] }));
  const versions = new Map<string, number>();
  const newest = new Map<string, number>();
  const gone: IncidentRun[] = [];
  let ledger: Ledger = { ...EMPTY_LEDGER, latestMs: NOW };
  let [ms, skewMs, turn] = [NOW, 0, 0];

  const now = (): Moment => ({ ms, turn });
  const runOf = ({ index, run }: Slot): IncidentRun => ({ incident: `incident-${index}`, run: `run-${run}` });

  function hears(news: OfficeNews): void {
    ledger = hear(ledger, news, ms + skewMs);
    // What did not help is taken back.
    for (const {
      request: { rollback, target },
      written,
      outcome,
    } of tellOn(story, news, now(), RELAPSE_SECONDS))
      if (rollback && written && outcome !== 'recovered') versions.set(targetText(target), Number(rollback.from));
  }

  function post({ mail }: Slot): void {
    for (const news of mail.splice(0)) hears(news);
  }

  function asks(slot: Slot, remedy: RemedyName): void {
    post(slot);
    const wanted = slot.permit?.request ?? newRequest(slot, remedy);
    const asked = { ...wanted, surroundings: seenNow(wanted.target) };
    const before = ledger;
    const answer = ask(ledger, 'cluster', asked, ms + skewMs);
    ledger = answer.ledger;
    story.answers.push({ at: now(), request: asked, permit: answer.permit, before });
    if (answer.permit.kind === 'refused' || slot.permit) return;
    slot.permit = { request: wanted, granted: now(), written: null, ended: null, outcome: null, wrong: null };
    story.deeds.push(slot.permit);
  }

  function newRequest(slot: Slot, remedy: RemedyName): PermitRequest {
    const { target, runbook, suspects } = SLOTS[slot.index]!;
    const subject = targetText(target);
    const version = versions.get(subject) ?? 0;
    return request({
      ...runOf(slot),
      ...{ id: `${slot.index}/${slot.run}/${++slot.asks}`, target, runbook, remedy, limits, suspects, attemptsMade: slot.made },
      attempts: { max: 3, backoffFirstSeconds: 10, backoffFactor: 2, backoffMaxSeconds: 120 },
      rollback: remedy === 'undoRelease' ? { subject, from: `${version}`, to: `${version - 1}`, toIsQuarantined: false } : null,
    });
  }

  function seenNow(target: Target): PermitRequest['surroundings'] {
    const { object, ...rest } = surroundings({ readAtMs: ms, apiServerMs: read(ms) });
    // What is owned names its owner, and the owner nothing: that must be enough, whoever comes first.
    const related = target.kind === 'Deployment' ? (RELATED[targetText(target)] ?? []) : [];
    return { ...rest, object: object.kind === 'read' ? read({ ...object.value, related }) : object };
  }

  function acts(slot: Slot): void {
    const { permit } = slot;
    if (!permit || permit.written || ms - permit.granted.ms >= USED_WITHIN_MS) return;
    if (whyVoid(ledger, permit.request.id, ms + skewMs) !== null) return;
    permit.written = now();
    slot.made++;
    const { rollback, target } = permit.request;
    if (rollback) versions.set(targetText(target), Number(rollback.to));
  }

  function reports(slot: Slot, outcome: ActOutcome): void {
    if (!slot.permit) return;
    const { request: given, written } = slot.permit;
    const report = written ? { outcome, actedMs: written.ms + skewMs } : { outcome: 'unused' as const, actedMs: null };
    slot.mail.push({ kind: 'report', report: { id: given.id, ...report } });
    slot.permit = null;
  }

  function ends(slot: Slot): void {
    Object.assign(slot, { run: slot.run + 1, asks: 0, made: 0, permit: null });
  }

  function leaves(slot: Slot, isOver: boolean): void {
    slot.mail.push({ kind: 'left', incident: runOf(slot), isOver });
    ends(slot);
  }

  /** What one incident does. */
  function does(slot: Slot, command: Command & { who: number }): void {
    const { target, suspects } = SLOTS[slot.index]!;
    if (command.kind === 'ask') asks(slot, command.remedy);
    if (command.kind === 'act') acts(slot);
    if (command.kind === 'report') reports(slot, command.outcome);
    if (command.kind === 'post') post(slot);
    if (command.kind === 'fail') slot.mail.push({ kind: 'failure', seen: { ...runOf(slot), target, suspects, limits } });
    if (command.kind === 'leave') leaves(slot, command.isOver);
    if (command.kind === 'vanish') {
      post(slot);
      gone.push(runOf(slot));
      ends(slot);
    }
    if (command.kind === 'promote') {
      const version = (newest.get(targetText(target)) ?? 0) + (command.isNew ? 1 : 0);
      newest.set(targetText(target), version);
      versions.set(targetText(target), version);
      story.promotions.push({ target: targetText(target), at: now() });
    }
  }

  function happens(command: Command): void {
    if ('who' in command) does(slots[command.who]!, command);
    if (command.kind === 'wait') ms += command.ms;
    if (command.kind === 'clock') skewMs = command.skewMs;
    if (command.kind === 'restart') ledger = soundOrLost(JSON.parse(JSON.stringify(ledger)), ms + skewMs);
    if (command.kind === 'notice') for (const incident of gone.splice(0)) hears({ kind: 'left', incident, isOver: true });
    if (command.kind === 'tell') hears(command.news);
    turn++;
    story.ledgers.push(ledger);
  }

  for (const command of commands) happens(command);
  happens({ kind: 'notice' });
  for (const { index } of slots) {
    happens({ kind: 'leave', who: index, isOver: true });
    happens({ kind: 'post', who: index });
  }
  return story;
}
