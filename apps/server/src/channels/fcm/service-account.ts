import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { StartError } from '../../lib/start-error.ts';

/** Who we are to Google: what the service-account file of a Firebase project says. */
export interface ServiceAccount {
  projectId: string;
  clientEmail: string;
  privateKey: KeyObject;
  privateKeyId: string;
  /** Where access tokens are asked for; https. */
  tokenUri: string;
}

const accountFile = z.object({
  type: z.literal('service_account'),
  project_id: z.string().regex(/^[a-z0-9.:-]{1,100}$/),
  client_email: z.string().min(3).max(300),
  private_key: z.string(),
  private_key_id: z.string().max(200).default(''),
  token_uri: z.url({ protocol: /^https$/ }).default('https://oauth2.googleapis.com/token'),
});

const remedy =
  'Set FCM_SERVICE_ACCOUNT to the JSON file that the Firebase console makes under Project settings, Service accounts, ' +
  'Generate new private key; or leave it out to send no app pushes to native apps.';

/**
 * Reads the file of FCM_SERVICE_ACCOUNT.
 * @throws StartError with a sentence that says what to do; it never repeats what stands in the file.
 */
export function readServiceAccount(path: string): ServiceAccount {
  try {
    return parseServiceAccount(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof StartError) throw error;
    const code = error instanceof Error && 'code' in error ? ` (${error.code})` : '';
    throw new StartError(`The file of FCM_SERVICE_ACCOUNT cannot be read${code}: ${path}. ${remedy}`);
  }
}

/** @throws StartError */
export function parseServiceAccount(text: string): ServiceAccount {
  const { success, data, error } = accountFile.safeParse(json(text));
  if (!success) {
    const wrong = [...new Set(error.issues.map(({ path }) => String(path[0] ?? 'the whole file')))].join(', ');
    throw new StartError(`The file of FCM_SERVICE_ACCOUNT is not one of a service account: ${wrong}. ${remedy}`);
  }
  return {
    projectId: data.project_id,
    clientEmail: data.client_email,
    privateKey: rsaKey(data.private_key),
    privateKeyId: data.private_key_id,
    tokenUri: data.token_uri,
  };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function rsaKey(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'rsa') return key;
  } catch {
    // Told below, without what the file holds.
  }
  throw new StartError(`The private_key in the file of FCM_SERVICE_ACCOUNT is not an RSA key. ${remedy}`);
}
