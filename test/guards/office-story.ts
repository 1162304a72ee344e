import type { ActOutcome, Ledger } from '../../guards/ledger/ledger.ts';
import type { OfficeNews } from '../../guards/office.ts';
import type { Permit } from '../../guards/permit.ts';
import type { PermitRequest } from '../../guards/request.ts';
import type { IncidentRun } from '../../incident/incident.ts';
import { targetText } from '../../incident/target.ts';

/** In which order, and at which true time, whatever the office's clock says. */
export interface Moment {
  readonly ms: number;
  readonly turn: number;
}

/** What an incident was permitted and did, as the incident itself knows it. */
export interface Deed {
  readonly request: PermitRequest;
  readonly granted: Moment;
  written: Moment | null;
  /** When the office was told what became of it, and what. */
  ended: Moment | null;
  outcome: ActOutcome | null;
  /** When the office was told that it did not help, or stopped helping. */
  wrong: Moment | null;
}

/** Something that held from one moment to another; null: to the end. */
interface Span<T> {
  readonly of: T;
  readonly from: Moment;
  until: Moment | null;
}

interface Answer {
  readonly at: Moment;
  readonly request: PermitRequest;
  readonly permit: Permit;
  /** The record as it was when it was given. */
  readonly before: Ledger;
}

/** What really happened, told by those who did it. Judges look at this and at nothing the office wrote down. */
export interface Story {
  readonly deeds: Deed[];
  readonly freezes: Span<string | null>[];
  readonly failing: Span<{ readonly run: string; readonly target: string; readonly suspects: readonly string[] }>[];
  readonly promotions: { readonly target: string; readonly at: Moment }[];
  readonly resets: { readonly of: string; readonly at: Moment }[];
  readonly answers: Answer[];
  readonly ledgers: Ledger[];
}

const runText = ({ incident, run }: IncidentRun) => `${incident}/${run}`;

/** Tells on what an office was told at this moment. Returns the deeds that ended by it. */
export function tellOn(story: Story, news: OfficeNews, at: Moment, relapseSeconds: number): readonly Deed[] {
  const isOf = (one: IncidentRun) => (deed: Deed) => runText(deed.request) === runText(one);
  const ended: Deed[] = [];
  const end = (deed: Deed, outcome: ActOutcome) => {
    if (deed.ended) return;
    Object.assign(deed, { ended: at, outcome, wrong: outcome === 'recovered' || outcome === 'unused' ? null : at });
    ended.push(deed);
  };
  switch (news.kind) {
    case 'report':
      for (const deed of story.deeds.filter(({ request }) => request.id === news.report.id)) end(deed, news.report.outcome);
      break;
    case 'left':
      for (const deed of story.deeds.filter(isOf(news.incident))) end(deed, 'inconclusive');
      if (news.isOver) for (const one of story.failing.filter(({ of }) => of.run === runText(news.incident))) one.until ??= at;
      break;
    case 'failure': {
      const { seen } = news;
      const target = targetText(seen.target);
      const known = story.failing.find(({ of }) => of.run === runText(seen));
      const of = { run: runText(seen), target, suspects: seen.suspects.map(({ name }) => name) };
      if (known) known.until = null;
      else story.failing.push({ of, from: at, until: null });
      const cures = story.deeds.filter((deed) => deed.outcome === 'recovered' && targetText(deed.request.target) === target);
      for (const cure of cures.filter((deed) => !isOf(seen)(deed))) if (at.ms - cure.ended!.ms < relapseSeconds * 1000) cure.wrong ??= at;
      break;
    }
    case 'freeze':
      story.freezes.push({ of: news.freeze.namespace, from: at, until: null });
      break;
    case 'thaw':
      for (const freeze of story.freezes) freeze.until ??= at;
      break;
    case 'reset':
      story.resets.push({ of: news.of, at });
      break;
    case 'heartbeat':
    case 'demote':
      break;
    default:
      news satisfies never;
  }
  return ended;
}
