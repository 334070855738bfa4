import { createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestApi } from '../../../test/api.ts';
import { returnPaths, sentPush } from '../../../test/bounces.ts';
import { createFellows, type TestShop } from '../../../test/marketplace.ts';
import { selfSigned } from '../../../test/self-signed.ts';
import { asciiAddress } from '../../lib/email-address.ts';
import { returnPath } from './return-path.ts';

const slot = new Date('2026-11-25T10:00:00+09:00');
const hour = 3_600_000;

const topicArn = 'arn:aws:sns:ap-northeast-1:123456789012:bounces';
const snsHost = 'https://sns.ap-northeast-1.amazonaws.com';
const certificateUrl = `${snsHost}/SimpleNotificationService-0123456789abcdef.pem`;
const amazon = selfSigned();
const sendgridKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const mailgunKey = 'the signing key of the tests';
const postmarkSecret = 'a password of the tests, long';

let api: TestApi;
/** What was fetched for Amazon. */
const fetched: string[] = [];

beforeAll(async () => {
  api = await TestApi.create({
    returnPaths,
    bounceProviders: {
      sesTopicArn: topicArn,
      sendgridKey: sendgridKeys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
      mailgunKey,
      postmarkSecret,
    },
    fetchText: async (url) => {
      fetched.push(url);
      if (url === certificateUrl) return amazon.cert;
      if (url.startsWith(`${snsHost}/?`)) return '<ConfirmSubscriptionResponse/>';
      throw new Error(`nothing at ${url}`);
    },
  });
  api.clock.set(slot);
});
afterAll(() => api.close());

let shop: TestShop;
let hana: number;
let taro: number;
let pushId: number;

beforeEach(async () => {
  fetched.length = 0;
  shop = await api.shop('はなみどり');
  const { reachable: [first = 0, second = 0] = [] } = await createFellows(api.database.db, shop.shopId, {
    reachable: 2,
  });
  [hana, taro] = [first, second];
  ({ pushId } = await sentPush(api.database.db, shop, [hana, taro], slot));
});

const addressOf = (customerId: number) => `c${customerId}@customers.example.com`;
const messageId = (customerId: number) => `<push.${pushId}.${customerId}@localhost>`;

async function post(provider: string, body: string | object, headers: Record<string, string> = {}): Promise<number> {
  const payload = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const answer = await api.request(null, 'POST', `/api/bounces/${provider}`, {
    payload,
    headers: { 'content-type': 'application/json', ...headers },
  });
  return answer.status;
}

/** Per class how many e-mails of the push are counted. */
async function counts(): Promise<Record<string, number>> {
  const rows = await api.database.db
    .selectFrom('bounce_count')
    .where('push_id', '=', pushId)
    .select(['class', 'customers'])
    .execute();
  return Object.fromEntries(rows.map((row) => [row.class, row.customers]));
}

async function heldBack(customerId: number): Promise<string | null> {
  const row = await api.database.db
    .selectFrom('customer')
    .where('customer_id', '=', customerId)
    .select('held_back')
    .executeTakeFirstOrThrow();
  return row.held_back;
}

describe('Amazon SES', () => {
  type Sns = Record<string, string>;

  function signed(fields: Sns, version: '1' | '2' = '2'): Sns {
    const message: Sns = {
      Type: 'Notification',
      MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
      TopicArn: topicArn,
      Timestamp: new Date().toISOString(),
      SignatureVersion: version,
      SigningCertURL: certificateUrl,
      ...fields,
    };
    const names =
      message.Type === 'Notification'
        ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
        : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
    const text = names.flatMap((name) => (message[name] === undefined ? [] : [`${name}\n${message[name]}\n`])).join('');
    const algorithm = version === '1' ? 'sha1' : 'sha256';
    return { ...message, Signature: sign(algorithm, Buffer.from(text), amazon.key).toString('base64') };
  }

  const bounceOf = (customerId: number, more: object = {}, bounce: object = {}) =>
    JSON.stringify({
      notificationType: 'Bounce',
      bounce: {
        bounceType: 'Permanent',
        bounceSubType: 'General',
        bouncedRecipients: [
          {
            emailAddress: addressOf(customerId),
            action: 'failed',
            status: '5.1.1',
            diagnosticCode: 'smtp; 550 5.1.1 user unknown',
          },
        ],
        feedbackId: '0102015fd91a6479-ae22395c',
        ...bounce,
      },
      mail: { source: 'no-reply@mall.example.com', commonHeaders: { messageId: messageId(customerId) }, ...more },
    });
  // As SNS sends it, whatever is in it.
  const plain = { 'content-type': 'text/plain; charset=UTF-8' };

  it.each(['1', '2'] as const)(
    'with signature version %s suppresses the address that does not exist',
    async (version) => {
      expect(await post('ses', signed({ Message: bounceOf(hana), Subject: 'Amazon SES' }, version), plain)).toBe(200);
      expect([await heldBack(hana), await heldBack(taro)]).toEqual(['suppressed', null]);
      expect(await counts()).toEqual({ hard: 1 });
    },
  );

  it('names the message by its return path before anything else', async () => {
    const source = returnPath(returnPaths, { pushId, customerId: taro, email: addressOf(taro) });
    const message = bounceOf(taro, { source, commonHeaders: { messageId: messageId(hana) } });
    expect(await post('ses', signed({ Message: message }))).toBe(200);
    expect([await heldBack(hana), await heldBack(taro)]).toEqual([null, 'suppressed']);
  });

  it('tells complaints, what passes, and what is about us', async () => {
    const complaint = (type: string) =>
      JSON.stringify({
        eventType: 'Complaint',
        complaint: { complaintFeedbackType: type, complainedRecipients: [{ emailAddress: addressOf(taro) }] },
        mail: { headers: [{ name: 'Message-ID', value: messageId(taro) }] },
      });
    expect(await post('ses', signed({ Message: complaint('not-spam') }))).toBe(200);
    expect(await heldBack(taro)).toBeNull();
    expect(await post('ses', signed({ Message: complaint('abuse') }))).toBe(200);
    expect(await heldBack(taro)).toBe('refused');
    const full = bounceOf(hana, {}, { bounceType: 'Transient', bounceSubType: 'MailboxFull' });
    expect(await post('ses', signed({ Message: full.replaceAll('5.1.1', '5.2.2') }))).toBe(200);
    expect(await counts()).toEqual({ complaint: 1, soft: 1 });
    const suppressed = bounceOf(hana, {}, { bounceSubType: 'OnAccountSuppressionList' });
    expect(await post('ses', signed({ Message: suppressed.replaceAll('5.1.1', '5.0.0') }))).toBe(200);
    expect(await heldBack(hana)).toBe('suppressed');
  });

  it('tells nothing by the answer of somebody who is away, which SES calls a bounce', async () => {
    const away = { bounceType: 'Transient', bounceSubType: 'General' };
    const reply = bounceOf(hana, {}, { ...away, bouncedRecipients: [{ emailAddress: addressOf(hana) }] });
    expect(await post('ses', signed({ Message: reply }))).toBe(200);
    expect(await counts()).toEqual({});
    const refused = { emailAddress: addressOf(hana), action: 'failed', status: '4.4.7' };
    expect(await post('ses', signed({ Message: bounceOf(hana, {}, { ...away, bouncedRecipients: [refused] }) }))).toBe(
      200,
    );
    expect(await counts()).toEqual({ soft: 1 });
  });

  it('with something in it that cannot be read tells the rest', async () => {
    const recipients = [
      null,
      { emailAddress: 7 },
      { emailAddress: addressOf(hana), status: '5.1.1', diagnosticCode: null },
    ];
    const headers = [
      { name: 'X-Odd', value: null },
      { name: 'Message-ID', value: messageId(hana) },
    ];
    const message = bounceOf(hana, { headers, commonHeaders: null }, { bouncedRecipients: recipients });
    expect(await post('ses', signed({ Message: message }))).toBe(200);
    expect([await heldBack(hana), await counts()]).toEqual(['suppressed', { hard: 1 }]);
  });

  it('about another mail of ours than a push’s changes nothing', async () => {
    const message = bounceOf(hana, { commonHeaders: { messageId: '<verification.0a1b@localhost>' } });
    expect(await post('ses', signed({ Message: message }))).toBe(200);
    expect([await heldBack(hana), await counts()]).toEqual([null, {}]);
  });

  it('tampered with, too old, of another topic or of another signer is refused and changes nothing', async () => {
    const good = signed({ Message: bounceOf(hana) });
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const bad: Sns[] = [
      { ...good, Message: bounceOf(taro) },
      { ...good, Timestamp: new Date(Date.now() - 1000).toISOString() },
      { ...good, Signature: sign('sha256', Buffer.from('x'), stranger.privateKey).toString('base64') },
      { ...good, Signature: '' },
      signed({ Message: bounceOf(hana), Timestamp: new Date(Date.now() - 27 * hour).toISOString() }),
      signed({ Message: bounceOf(hana), Timestamp: new Date(Date.now() + hour).toISOString() }),
      signed({ Message: bounceOf(hana), Timestamp: 'yesterday' }),
      signed({ Message: bounceOf(hana), TopicArn: `${topicArn}-of-others` }),
    ];
    for (const one of bad) expect(await post('ses', one)).toBe(401);
    expect(await post('ses', 'no json')).toBe(400);
    expect(await counts()).toEqual({});
  });

  it('has its certificate fetched from Amazon’s host for the region alone, and once', async () => {
    const elsewhere = [
      'http://sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-1.pem',
      'https://sns.ap-northeast-1.amazonaws.com.evil.example/SimpleNotificationService-1.pem',
      'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-1.pem',
      'https://bucket.s3.amazonaws.com/SimpleNotificationService-1.pem',
      'https://sns.ap-northeast-1.amazonaws.com:8443/SimpleNotificationService-1.pem',
      'https://user@sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-1.pem',
      'https://sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-1.pem?x=1',
      'https://sns.ap-northeast-1.amazonaws.com/other/SimpleNotificationService-1.pem',
      'https://127.0.0.1/SimpleNotificationService-1.pem',
      'file:///SimpleNotificationService-1.pem',
    ];
    for (const SigningCertURL of elsewhere) {
      expect(await post('ses', signed({ Message: bounceOf(hana), SigningCertURL }))).toBe(401);
    }
    expect(fetched).toEqual([]);
    await Promise.all(Array.from({ length: 5 }, () => post('ses', signed({ Message: bounceOf(hana) }))));
    expect(fetched.length).toBeLessThanOrEqual(1);
    expect(await counts()).toEqual({ hard: 1 });
  });

  it('confirms a subscription of its own topic at an address that is made here', async () => {
    const confirmation = {
      Type: 'SubscriptionConfirmation',
      Message: 'You have chosen to subscribe',
      Token: 'the token',
      SubscribeURL: 'https://169.254.169.254/latest/meta-data',
    };
    const tampered = { ...signed(confirmation), Token: 'another' };
    expect(await post('ses', tampered)).toBe(401);
    expect(fetched.filter((url) => url !== certificateUrl)).toEqual([]);
    expect(await post('ses', signed(confirmation))).toBe(200);
    const query = new URLSearchParams({ Action: 'ConfirmSubscription', TopicArn: topicArn, Token: 'the token' });
    expect(fetched.filter((url) => url !== certificateUrl)).toEqual([`${snsHost}/?${query}`]);
  });
});

describe('SendGrid', () => {
  function signed(events: object[], { at = new Date(), key = sendgridKeys.privateKey, as = '' } = {}) {
    const body = JSON.stringify(events);
    const timestamp = String(Math.floor(at.getTime() / 1000));
    const signature = sign('sha256', Buffer.from(timestamp + (as || body)), key).toString('base64');
    return [
      body,
      {
        'x-twilio-email-event-webhook-signature': signature,
        'x-twilio-email-event-webhook-timestamp': timestamp,
      },
    ] as const;
  }
  const event = (customerId: number, more: object) => ({
    email: addressOf(customerId),
    timestamp: 1_795_568_400,
    'smtp-id': messageId(customerId),
    sg_event_id: randomBytes(8).toString('hex'),
    ...more,
  });
  const unknown = { event: 'bounce', type: 'bounce', status: '5.1.1', reason: '550 5.1.1 user unknown' };

  it('tells many at once; each counts once, however often the batch comes', async () => {
    const batch = signed([
      event(hana, { event: 'processed' }),
      event(hana, unknown),
      event(taro, { event: 'bounce', type: 'blocked', status: '5.7.1', reason: '554 5.7.1 refused as spam' }),
      { event: 'open' },
    ]);
    for (const _ of [1, 2]) expect(await post('sendgrid', ...batch)).toBe(200);
    expect(await counts()).toEqual({ hard: 1, ours: 1 });
    expect([await heldBack(hana), await heldBack(taro)]).toEqual(['suppressed', null]);
  });

  it.each([
    ['null', null],
    ['no object', 'an event'],
    ['an address that cannot be kept', { event: 'bounce', email: 'a\u0000b@example.com' }],
  ])('keeps the others of a batch with %s in it', async (_, bad) => {
    const [body, headers] = signed([bad as object, event(hana, unknown), bad as object]);
    expect(await post('sendgrid', body, headers)).toBe(200);
    expect(await heldBack(hana)).toBe('suppressed');
  });

  it('about mail of somebody else to the same address changes nothing', async () => {
    const newsletter = { 'smtp-id': '<20261125.1@newsletter.mall.example.com>' };
    expect(await post('sendgrid', ...signed([event(hana, { ...newsletter, event: 'spamreport' })]))).toBe(200);
    expect([await heldBack(hana), await counts()]).toEqual([null, {}]);
  });

  it('tells complaints, and whom it does not send to any more', async () => {
    await post('sendgrid', ...signed([event(hana, { event: 'spamreport' })]));
    await post('sendgrid', ...signed([event(taro, { event: 'dropped', reason: 'Bounced Address' })]));
    expect([await heldBack(hana), await heldBack(taro)]).toEqual(['refused', 'suppressed']);
  });

  it('tampered with, too old or of another signer is refused and changes nothing', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const events = [event(hana, unknown)];
    const [body, headers] = signed(events);
    const bad = [
      signed(events, { as: '[]' }),
      signed(events, { key: privateKey }),
      signed(events, { at: new Date(Date.now() - 27 * hour) }),
      [body.replace(addressOf(hana), addressOf(taro)), headers] as const,
      [body, { ...headers, 'x-twilio-email-event-webhook-timestamp': '1' }] as const,
      [body, {}] as const,
    ];
    for (const [text, head] of bad) expect(await post('sendgrid', text, head)).toBe(401);
    expect(await counts()).toEqual({});
  });
});

describe('Mailgun', () => {
  function signature({ at = new Date(), key = mailgunKey, token = randomBytes(25).toString('hex') } = {}) {
    const timestamp = String(Math.floor(at.getTime() / 1000));
    return {
      timestamp,
      token,
      signature: createHmac('sha256', key)
        .update(timestamp + token)
        .digest('hex'),
    };
  }
  const data = (customerId: number, more: object = {}) => ({
    event: 'failed',
    severity: 'permanent',
    reason: 'bounce',
    recipient: addressOf(customerId),
    message: { headers: { 'message-id': messageId(customerId).slice(1, -1), to: addressOf(customerId) } },
    envelope: { sender: 'no-reply@mall.example.com', targets: addressOf(customerId) },
    'delivery-status': { code: 550, 'enhanced-code': '5.1.1', message: '5.1.1 no such user', description: '' },
    ...more,
  });

  it('tells failures for good and complaints', async () => {
    expect(await post('mailgun', { signature: signature(), 'event-data': data(hana, { severity: 'temporary' }) })).toBe(
      200,
    );
    expect(await counts()).toEqual({});
    expect(await post('mailgun', { signature: signature(), 'event-data': data(hana) })).toBe(200);
    const complained = { event: 'complained', severity: undefined, 'delivery-status': undefined };
    expect(await post('mailgun', { signature: signature(), 'event-data': data(taro, complained) })).toBe(200);
    expect([await heldBack(hana), await heldBack(taro)]).toEqual(['suppressed', 'refused']);
  });

  it('is believed once for each token, as its signature does not cover what it tells', async () => {
    const used = signature();
    expect(await post('mailgun', { signature: used, 'event-data': data(hana) })).toBe(200);
    expect(await post('mailgun', { signature: used, 'event-data': data(taro) })).toBe(200);
    expect([await heldBack(hana), await heldBack(taro)]).toEqual(['suppressed', null]);
    expect(await counts()).toEqual({ hard: 1 });
  });

  it('with one token many times at once is believed once', async () => {
    const used = signature();
    const both = [data(hana, { 'delivery-status': { message: '552 5.2.2 full' } }), data(taro)];
    await Promise.all(both.map((one) => post('mailgun', { signature: used, 'event-data': one })));
    expect(Object.values(await counts()).reduce((sum, one) => sum + one, 0)).toBe(1);
  });

  it('tampered with, too old or of another signer is refused and changes nothing', async () => {
    const bad = [
      signature({ key: 'another key of sixteen' }),
      signature({ at: new Date(Date.now() - 27 * hour) }),
      { ...signature(), token: randomBytes(25).toString('hex') },
      { ...signature(), signature: '' },
    ];
    for (const one of bad) expect(await post('mailgun', { signature: one, 'event-data': data(hana) })).toBe(401);
    expect(await post('mailgun', { 'event-data': data(hana) })).toBe(401);
    expect(await counts()).toEqual({});
  });
});

describe('Postmark', () => {
  const basic = (password: string) => ({
    authorization: `Basic ${Buffer.from(`postmark:${password}`).toString('base64')}`,
  });
  const bounce = (customerId: number, more: object = {}) => ({
    RecordType: 'Bounce',
    Type: 'HardBounce',
    TypeCode: 1,
    MessageID: '883953f4-6105-42a2-a16a-77a8eac79483',
    Email: addressOf(customerId).toUpperCase(),
    Details: 'smtp;550 5.1.1 no such user',
    Inactive: true,
    ...more,
  });

  it('tells failures by address: they are about the newest push that went there', async () => {
    expect(await post('postmark', bounce(hana), basic(postmarkSecret))).toBe(200);
    const complaint = { RecordType: 'SpamComplaint', Type: 'SpamComplaint' };
    expect(await post('postmark', bounce(taro, complaint), basic(postmarkSecret))).toBe(200);
    expect([await heldBack(hana), await heldBack(taro)]).toEqual(['suppressed', 'refused']);
    expect(await counts()).toEqual({ hard: 1, complaint: 1 });
  });

  it('tells nothing by delays and answers, nor about an address that nobody has', async () => {
    for (const Type of ['Transient', 'AutoResponder', 'Subscribe', 'Unconfirmed']) {
      expect(await post('postmark', bounce(hana, { Type }), basic(postmarkSecret))).toBe(200);
    }
    const stranger = { Email: 'stranger@example.com' };
    expect(await post('postmark', bounce(hana, stranger), basic(postmarkSecret))).toBe(200);
    expect(await counts()).toEqual({});
  });

  it('without its password is refused', async () => {
    for (const headers of [{}, basic(''), basic('wrong'), { authorization: `Bearer ${postmarkSecret}` }]) {
      expect(await post('postmark', bounce(hana), headers)).toBe(401);
    }
    expect(await counts()).toEqual({});
  });
});

describe('an address', () => {
  const basic = { authorization: `Basic ${Buffer.from(`postmark:${postmarkSecret}`).toString('base64')}` };

  it.each([
    ['with a domain of another script', 'hana@花緑.example'],
    ['with dots where none belong', 'hana..mall.@example.com'],
  ])('%s is known by how it was sent to', async (_, kept) => {
    for (const [customerId, email] of [
      [hana, kept],
      [taro, `taro.${kept}`],
    ] as const) {
      await api.database.db.updateTable('customer').set({ email }).where('customer_id', '=', customerId).execute();
    }
    const told = { RecordType: 'Bounce', Type: 'HardBounce', Details: 'smtp;550 5.1.1 no such user' };
    const token = randomBytes(25).toString('hex');
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = createHmac('sha256', mailgunKey)
      .update(timestamp + token)
      .digest('hex');
    const event = {
      event: 'failed',
      severity: 'permanent',
      recipient: asciiAddress(kept),
      message: { headers: { 'message-id': messageId(hana) } },
      'delivery-status': { 'enhanced-code': '5.1.1' },
    };
    await post('mailgun', { signature: { timestamp, token, signature }, 'event-data': event });
    await post('postmark', { ...told, Email: asciiAddress(`taro.${kept}`) }, basic);
    expect(await counts()).toEqual({ hard: 2 });
    expect([await heldBack(hana), await heldBack(taro)]).toEqual(['suppressed', 'suppressed']);
  });
});

describe('a provider that was not set up', () => {
  it('is not heard', async () => {
    const other = await TestApi.create();
    for (const name of ['ses', 'sendgrid', 'mailgun', 'postmark', 'unheard-of']) {
      expect((await other.request(null, 'POST', `/api/bounces/${name}`, { body: {} })).status).toBe(404);
    }
    await other.close();
  });
});
