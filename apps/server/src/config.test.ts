import { generateKeyPairSync } from 'node:crypto';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from './config.ts';
import { StartError } from './lib/start-error.ts';

const ROOT = '/somewhere/coupon-push';

describe('settings', () => {
  it('have defaults that need nothing set', () => {
    expect(readConfig({}, ROOT)).toEqual({
      port: 3000,
      host: '127.0.0.1',
      dataDir: '/somewhere/coupon-push/data',
      publicUrl: 'http://localhost:3000',
      demo: true,
      logLevel: 'warn',
    });
  });

  it('are all read', () => {
    const env = {
      PORT: '8080',
      HOST: '0.0.0.0',
      DATA_DIR: '/var/lib/coupon-push',
      PUBLIC_URL: 'https://coupons.example.com/',
      SMTP_URL: 'smtps://user:secret@mail.example.com:465',
      DATABASE_URL: 'postgres://user:secret@db.example.com/coupons',
      DEMO: 'off',
      LOG_LEVEL: 'silent',
    };
    expect(readConfig(env, ROOT)).toEqual({
      port: 8080,
      host: '0.0.0.0',
      dataDir: '/var/lib/coupon-push',
      publicUrl: 'https://coupons.example.com',
      smtpUrl: 'smtps://user:secret@mail.example.com:465',
      databaseUrl: 'postgres://user:secret@db.example.com/coupons',
      demo: false,
      logLevel: 'silent',
    });
  });

  it('say how the marketplace signs its customers in: by one kind of key, and whose tokens they are', () => {
    const issuer = { CUSTOMER_JWT_ISSUER: 'https://shop.example.com' };
    const secret = 'x'.repeat(32);
    const jwksUrl = 'https://shop.example.com/.well-known/jwks.json';
    const read = (env: Record<string, string>) => readConfig(env, ROOT).customerTokens;
    expect(read({})).toBeUndefined();
    const whose = { issuer: 'https://shop.example.com', audience: 'coupon-push' };
    expect(read({ ...issuer, CUSTOMER_JWT_SECRET: secret })).toEqual({ key: { secret }, ...whose });
    const named = { ...issuer, CUSTOMER_JWT_AUDIENCE: 'coupons' };
    expect(read({ ...named, CUSTOMER_JWKS_URL: jwksUrl })).toEqual({ key: { jwksUrl }, ...whose, audience: 'coupons' });
    expect(() => read({ CUSTOMER_JWT_SECRET: secret })).toThrow(/CUSTOMER_JWT_ISSUER/);
    expect(() => read({ ...issuer, CUSTOMER_JWT_SECRET: 'short' })).toThrow(/at least 32/);
    expect(() => read({ ...issuer, CUSTOMER_JWT_SECRET: secret, CUSTOMER_JWKS_URL: jwksUrl })).toThrow(/not both/);
    expect(() => read({ ...issuer, CUSTOMER_JWKS_URL: 'file:///etc/keys' })).toThrow(/CUSTOMER_JWKS_URL/);
  });

  it('say where customers sign in at the marketplace, and where to come back to', () => {
    const read = (url: string) => readConfig({ CUSTOMER_SIGN_IN_URL: url }, ROOT).customerSignInUrl;
    const url = 'https://shop.example.com/sign-in?coupons={next}';
    expect(read(url)).toBe(url);
    expect(readConfig({}, ROOT)).not.toHaveProperty('customerSignInUrl');
    expect(() => read('https://shop.example.com/sign-in')).toThrow(/\{next\}/);
    expect(() => read('javascript:alert({next})')).toThrow(/CUSTOMER_SIGN_IN_URL/);
  });

  it('say how e-mails that come back are heard of', () => {
    const read = (env: Record<string, string>) => readConfig(env, ROOT).bounces;
    expect(read({})).toBeUndefined();
    const sendgridKey = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      .publicKey.export({ type: 'spki', format: 'der' })
      .toString('base64');
    const env = {
      BOUNCE_DOMAIN: 'Bounces.Example.com',
      BOUNCE_SMTP_PORT: '2525',
      BOUNCE_SES_TOPIC_ARN: 'arn:aws:sns:ap-northeast-1:123456789012:bounces',
      BOUNCE_SENDGRID_KEY: sendgridKey,
      BOUNCE_MAILGUN_KEY: 'm'.repeat(32),
      BOUNCE_POSTMARK_SECRET: 'p'.repeat(20),
    };
    expect(read(env)).toEqual({
      domain: 'bounces.example.com',
      receiver: { host: '127.0.0.1', port: 2525 },
      sesTopicArn: env.BOUNCE_SES_TOPIC_ARN,
      sendgridKey,
      mailgunKey: env.BOUNCE_MAILGUN_KEY,
      postmarkSecret: env.BOUNCE_POSTMARK_SECRET,
    });
    expect(() => read({ BOUNCE_SMTP_PORT: '2525' })).toThrow(/^Set BOUNCE_DOMAIN, too/);
    const wrong = {
      BOUNCE_DOMAIN: 'b@example.com',
      BOUNCE_SMTP_PORT: '0',
      BOUNCE_SES_TOPIC_ARN: 'https://sns.example.com',
      BOUNCE_SENDGRID_KEY: 'a secret key',
      BOUNCE_MAILGUN_KEY: 'secret',
      BOUNCE_POSTMARK_SECRET: 'secret',
    };
    for (const [name, value] of Object.entries(wrong)) {
      expect(() => read({ ...env, [name]: value })).toThrow(`Set ${name} to`);
      expect(() => read({ ...env, [name]: value })).not.toThrow('secret key');
    }
  });

  it('say where a process shows its figures', () => {
    expect(readConfig({}, ROOT)).not.toHaveProperty('metrics');
    expect(readConfig({ METRICS_PORT: '9464' }, ROOT).metrics).toEqual({ host: '127.0.0.1', port: 9464 });
    expect(() => readConfig({ METRICS_PORT: 'on' }, ROOT)).toThrow(/METRICS_PORT=9464/);
  });

  it('are not set when they are empty', () => {
    const { port, publicUrl, databaseUrl } = readConfig({ PORT: '', PUBLIC_URL: ' ', DATABASE_URL: '' }, ROOT);
    expect([port, publicUrl, databaseUrl]).toEqual([3000, 'http://localhost:3000', undefined]);
  });

  it('may name the service account of native apps, beside the repository', () => {
    expect(readConfig({ FCM_SERVICE_ACCOUNT: 'fcm.json' }, ROOT).fcmServiceAccount).toBe(resolve(ROOT, 'fcm.json'));
    expect(readConfig({}, ROOT)).not.toHaveProperty('fcmServiceAccount');
  });

  it('let the public address follow the port', () => {
    expect(readConfig({ PORT: '4000' }, ROOT).publicUrl).toBe('http://localhost:4000');
  });

  it('are complained about all at once, one line each, without giving passwords away', () => {
    const env = {
      PORT: 'abc',
      HOST: 'my host',
      PUBLIC_URL: 'coupons.example.com',
      SMTP_URL: 'mail:secret',
      DATABASE_URL: 'mysql://root:secret@db/coupons',
      DEMO: 'yes',
      LOG_LEVEL: 'loud',
    };
    const read = (): unknown => readConfig(env, ROOT);
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(StartError);
    let message = '';
    try {
      read();
    } catch (error) {
      message = String((error as Error).message);
    }
    const lines = message.split('\n').map((line) => line.match(/^Set ([A-Z_]+) /)?.[1]);
    expect(lines).toEqual(['PORT', 'HOST', 'PUBLIC_URL', 'SMTP_URL', 'DATABASE_URL', 'DEMO', 'LOG_LEVEL']);
    expect(message).not.toContain('secret');
  });

  it.each(['0', '65536', '-1', '3000.5', '3e3', ' 80'])('refuse PORT=%s', (port) => {
    expect(() => readConfig({ PORT: port }, ROOT)).toThrow('Set PORT to a whole number from 1 to 65535');
  });
});
