import type { HeldBackReason } from '@coupon-push/contract/audience.ts';
import type { Channel } from '@coupon-push/contract/pushes.ts';
import type { ChannelOutcome } from '@coupon-push/contract/results.ts';
import { cursor, searchText } from '../history/search.ts';

export const pushTabs = ['overview', 'recipients', 'held-back', 'results'] as const;
export type PushTab = (typeof pushTabs)[number];

// Named here once more: the contract's own lists would bring its schemas into the first load of every page.
const channels = namesOf<Channel>({ email: true, app_push: true });
const outcomes = namesOf<ChannelOutcome>({
  sent: true,
  owed: true,
  failed: true,
  gone: true,
  bounced: true,
  none: true,
});
const reasons = namesOf<HeldBackReason>({
  left: true,
  unverified: true,
  refused: true,
  suppressed: true,
  muted: true,
  limit_reached: true,
});

/** All of a closed list, none forgotten. */
function namesOf<Name extends string>(names: Record<Name, true>): Name[] {
  return Object.keys(names) as Name[];
}

/** What stands in the URL of a push's page; the lists share the search. */
export interface PushSearch {
  tab?: Exclude<PushTab, 'overview'> | undefined;
  /** Of the recipients: those with this state on this channel. */
  channel?: Channel | undefined;
  state?: ChannelOutcome | undefined;
  reason?: HeldBackReason | undefined;
  use?: 'used' | 'unused' | undefined;
  q?: string | undefined;
  after?: string | undefined;
}

export function readPushSearch(search: Record<string, unknown>): PushSearch {
  const tab = pushTabs.find((one) => one === search.tab);
  const channel = channels.find((one) => one === search.channel);
  const state = outcomes.find((one) => one === search.state);
  const both = channel !== undefined && state !== undefined;
  return {
    tab: tab === 'overview' ? undefined : tab,
    channel: both ? channel : undefined,
    state: both ? state : undefined,
    reason: reasonOf(search.reason),
    use: search.use === 'used' || search.use === 'unused' ? search.use : undefined,
    q: searchText(search.q),
    after: cursor(search.after),
  };
}

/** What a channel can be narrowed to. Every recipient is owed an e-mail; not everyone has the app. Only e-mails come back. */
export function outcomesOf(channel: Channel): ChannelOutcome[] {
  const impossible = channel === 'app_push' ? 'bounced' : 'none';
  return outcomes.filter((outcome) => outcome !== impossible);
}

export function reasonOf(value: unknown): HeldBackReason | undefined {
  return reasons.find((reason) => reason === value);
}
