/** The kinds of channels by which people are told. */
export const CHANNEL_KINDS = ['slack', 'pagerDuty', 'opsgenie', 'teams', 'webhook', 'mail'] as const;

export type ChannelKind = (typeof CHANNEL_KINDS)[number];
