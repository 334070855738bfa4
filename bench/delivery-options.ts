import { OptionError } from './option-error.ts';

export type PushChannel = 'web_push' | 'fcm';

export interface DeliveryOptions {
  recipients: number;
  pushChannels: PushChannel[];
  workers: number;
  shops: number;
}

const channels = ['coupon', 'qpost', 'email', 'web_push', 'fcm'];

/** @throws OptionError */
export function readOptions(given: Record<string, number | string>): DeliveryOptions {
  const recipients = wholeNumber(given, 'recipients', { otherwise: 20_000, from: 10, until: 5_000_000 });
  return {
    recipients,
    pushChannels: pushChannelsOf(String(given.channels ?? 'email,web_push,fcm')),
    workers: wholeNumber(given, 'workers', { otherwise: 1, from: 1, until: 16 }),
    shops: wholeNumber(given, 'shops', { otherwise: 1, from: 1, until: Math.min(1000, recipients) }),
  };
}

function wholeNumber(
  given: Record<string, number | string>,
  name: string,
  { otherwise, from, until }: { otherwise: number; from: number; until: number },
): number {
  const value = Number(given[name] ?? otherwise);
  if (value < from || value > until) throw new OptionError(`Set --${name} to a number from ${from} to ${until}.`);
  return value;
}

/** Coupon, Qpost and e-mail are what a push always is. */
function pushChannelsOf(text: string): PushChannel[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !channels.includes(name));
  if (unknown !== undefined) {
    throw new OptionError(
      `Set --channels to some of ${channels.join(', ')}, with commas between; "${unknown}" is none of them. Coupon, Qpost and e-mail are always sent.`,
    );
  }
  return (['web_push', 'fcm'] as const).filter((name) => names.includes(name));
}
