import type { ApprovalRequest } from './approval.ts';
import { questionPage } from './question-page.ts';
import type { Escalation } from './report.ts';
import type { Severity } from './severity.ts';
import { type Target, targetText } from './target.ts';

/** What every notice says. */
export interface NoticeBase {
  /** What belongs together: the same key is the same page, however often and by whatever channel it is sent. */
  readonly key: string;
  /** The incident's workflow id. */
  readonly incident: string;
  /** What it is about, in one line. */
  readonly subject: string;
  readonly severity: Severity;
}

/** One thing that people are told about an incident, by whichever channel. */
export type Notice = NoticeBase &
  (
    | { readonly kind: 'page'; readonly escalation: Escalation }
    | { readonly kind: 'question'; readonly request: ApprovalRequest }
    /** @property number from 1 */
    | { readonly kind: 'reminder'; readonly number: number; readonly text: string }
    | { readonly kind: 'acknowledged' | 'resolved'; readonly text: string }
  );

const HEADINGS: Readonly<Record<Notice['kind'], string>> = {
  page: '',
  question: 'Leave is asked: ',
  reminder: 'Reminder: ',
  acknowledged: 'Acknowledged: ',
  resolved: 'Over: ',
};

/** What a page is about, in one line. */
export function subjectOf({ incident, target, reason }: Pick<Escalation, 'incident' | 'target' | 'reason'>): string {
  return `${placeOf(incident, target)}: ${reason}`;
}

function placeOf(incident: string, target: Target | null): string {
  return target === null ? incident : `${targetText(target)} in cluster ${target.cluster}`;
}

/** The notice in one line. */
export function headline({ kind, subject }: Notice): string {
  return `${HEADINGS[kind]}${subject}`;
}

/** The notice as plain text, line by line. */
export function noticeLines(notice: Notice): readonly string[] {
  switch (notice.kind) {
    case 'page':
      return notice.escalation.page.split('\n');
    case 'question':
      return questionPage(notice.request).split('\n');
    default:
      return [notice.text, '', `Incident ${notice.incident}`];
  }
}

/** Tells one notice of a key from the others. */
export function noticeName(notice: Notice): string {
  return notice.kind === 'reminder' ? `reminder-${notice.number}` : notice.kind;
}
