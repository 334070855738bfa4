/** One app push to one native app. */
export interface OutgoingFcm {
  /** Whose device it is. */
  customerId: number;
  /** The registration token of the app. */
  token: string;
  message: { title: string; body: string; url: string; silent?: boolean };
  /** A newer message of the same tag takes the place of an older one; at most 64 bytes. */
  tag: string;
  ttlSeconds: number;
  urgency: 'low' | 'normal';
}

/** What FCM takes of a message. */
const maxBytes = 4096;
const ellipsis = '…';
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * The message as JSON without its token, the same for everyone who gets the same; its body shortened where it is too long
 * (firebase.google.com/docs/reference/fcm/rest/v1/projects.messages). Null when it is too big even so.
 */
export function writePayload(push: Omit<OutgoingFcm, 'token' | 'customerId'>): string | null {
  const whole = payload(push, push.message.body);
  if (Buffer.byteLength(whole) <= maxBytes) return whole;
  // The last line of several says how to refuse (policy kr), and stays.
  const { body } = push.message;
  const cut = body.lastIndexOf('\n');
  const [text, ending] = cut < 0 ? [body, ''] : [body.slice(0, cut), body.slice(cut)];
  const letters = [...graphemes.segment(text)].map(({ segment }) => segment);
  const shortened = (kept: number) => payload(push, letters.slice(0, kept).join('').trimEnd() + ellipsis + ending);
  let [fits, tooMany] = [-1, letters.length];
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (Buffer.byteLength(shortened(middle)) <= maxBytes) fits = middle;
    else tooMany = middle;
  }
  return fits < 0 ? null : shortened(fits);
}

function payload(
  { message, tag, ttlSeconds, urgency }: Omit<OutgoingFcm, 'token' | 'customerId'>,
  body: string,
): string {
  const { title, url, silent = false } = message;
  const expires = Math.floor(Date.now() / 1000 / 60) * 60 + ttlSeconds;
  return JSON.stringify({
    notification: { title, body },
    // What the app opens, whether it was running or not.
    data: { url, tag },
    android: {
      collapse_key: tag,
      ttl: `${ttlSeconds}s`,
      // Advertising is never high: Android would hold it against the app.
      priority: 'NORMAL',
      notification: { channel_id: 'coupons', tag, ...(silent ? { notification_priority: 'PRIORITY_LOW' } : {}) },
    },
    apns: {
      headers: {
        'apns-collapse-id': tag,
        'apns-expiration': String(expires),
        'apns-priority': urgency === 'low' ? '1' : '5',
      },
      payload: { aps: { category: 'COUPONS', 'thread-id': 'coupons', ...(silent ? {} : { sound: 'default' }) } },
    },
  });
}

/** The body of the request. */
export function withToken(payload: string, token: string): string {
  return `{"message":{"token":${JSON.stringify(token)},${payload.slice(1)}}`;
}
