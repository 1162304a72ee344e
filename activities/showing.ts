import { activityInfo } from '@temporalio/activity';
import { Refused } from '../clients/failures.ts';
import type { IncidentMessages, Shown } from '../clients/slack/incident-messages.ts';
import type { PostedMessage } from '../incident/incident-view.ts';
import { asActivityFailure } from './failures.ts';

/** @param messages null where Slack is not set up */
export function showingActivities(messages: IncidentMessages | null) {
  return {
    /** Brings the message of an incident to what it is now. @returns the message, so that the next time it is changed in place */
    showIncident(shown: Shown): Promise<PostedMessage> {
      return asActivityFailure(async () => {
        if (messages === null) throw new Refused('The runbook names a channel of Slack, and PARAMEDIC_SLACK_BOT_TOKEN is not set.');
        return messages.show(shown, activityInfo().attempt > 1);
      });
    },
  };
}
