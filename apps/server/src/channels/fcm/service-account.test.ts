import { generateKeyPairSync } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { StartError } from '../../lib/start-error.ts';
import { parseServiceAccount, readServiceAccount } from './service-account.ts';

const pem = (type: 'rsa' | 'ec') =>
  (type === 'rsa'
    ? generateKeyPairSync('rsa', { modulusLength: 2048 })
    : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  ).privateKey
    .export({ type: 'pkcs8', format: 'pem' })
    .toString();

const file = {
  type: 'service_account',
  project_id: 'mall-app',
  private_key_id: '1',
  private_key: pem('rsa'),
  client_email: 'push@mall-app.iam.gserviceaccount.com',
  token_uri: 'https://oauth2.googleapis.com/token',
};
const path = join(tmpdir(), `coupon-push-service-account-${process.pid}.json`);
afterAll(() => rmSync(path, { force: true }));

function complaint(content: string): string {
  try {
    parseServiceAccount(content);
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(StartError);
    return String((error as Error).message);
  }
}

describe('the service-account file', () => {
  it('is read as Google makes it', () => {
    writeFileSync(path, JSON.stringify({ ...file, universe_domain: 'googleapis.com' }));
    expect(readServiceAccount(path)).toMatchObject({ projectId: 'mall-app', clientEmail: file.client_email });
  });

  it('that is not there says which one, and what to set', () => {
    expect(() => readServiceAccount('/nowhere/account.json')).toThrow(
      /cannot be read \(ENOENT\): \/nowhere\/account\.json\. Set FCM_SERVICE_ACCOUNT to/,
    );
  });

  it('that is another file says what is wrong, and nothing of what it holds', () => {
    expect(complaint('{"type":"authorized_user","client_secret":"hush"}')).toMatch(/type, project_id, client_email/);
    expect(complaint('not json')).toContain('the whole file');
    expect(complaint(JSON.stringify({ ...file, token_uri: 'http://oauth2.example/token' }))).toContain('token_uri');
    for (const key of ['hush', pem('ec')]) {
      const said = complaint(JSON.stringify({ ...file, private_key: key }));
      expect(said).toContain('Set FCM_SERVICE_ACCOUNT to');
      expect(said).not.toContain(key.slice(30, 60) || key);
    }
  });
});
