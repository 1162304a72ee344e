import { heartbeat } from '@temporalio/activity';
import { Refused } from '../clients/failures.ts';
import type { Digests } from '../clients/slack/digests.ts';
import type { Digest, DigestWanted } from '../incident/digest.ts';
import { digestOf } from '../reporting/digest.ts';
import { reportFromHistories } from '../reporting/from-histories.ts';
import type { Histories } from '../reporting/history/read.ts';
import { asActivityFailure } from './failures.ts';

/** What digests are made from, and where they go. */
export interface Digesting {
  readonly histories: Histories;
  readonly linkTo: (incident: string, run: string) => string | null;
  /** Null where Slack is not set up. */
  readonly digests: Digests | null;
}

export function digestingActivities({ histories, linkTo, digests }: Digesting) {
  return {
    /** What a period holds, in a few lines. It reads the history of each incident, and says with its heartbeat that it goes on. */
    makeDigest(wanted: DigestWanted): Promise<Digest> {
      return asActivityFailure(async () => {
        const read = await histories.read(wanted, () => heartbeat());
        return digestOf(reportFromHistories(read, wanted, { nowMs: Date.now(), linkTo }), wanted);
      });
    },

    /** @returns `stood` where it stands in the channel already */
    postDigest(channel: string, digest: Digest): Promise<'posted' | 'stood'> {
      return asActivityFailure(async () => {
        if (digests === null)
          throw new Refused('The digest goes to a channel of Slack, and PARAMEDIC_SLACK_BOT_TOKEN of the worker is not set.');
        return digests.post(channel, digest);
      });
    },
  };
}
