import { doneResponse } from '@coupon-push/contract/common.ts';
import { type HttpServer, responses } from '../../http/server.ts';
import { mailgun } from './providers/mailgun.ts';
import { postmark } from './providers/postmark.ts';
import type { ReadNotification } from './providers/provider.ts';
import { sendgrid } from './providers/sendgrid.ts';
import { ses } from './providers/ses.ts';
import { type FetchText, fetchText } from './providers/sns-certificates.ts';
import type { ReturnPaths } from './return-path.ts';
import { type BounceDeps, recordNotifications } from './service.ts';

/** Which mail providers may report bounces, each with what its reports are checked by. */
export interface BounceProviders {
  sesTopicArn?: string;
  sendgridKey?: string;
  mailgunKey?: string;
  postmarkSecret?: string;
}

export interface BounceRouteDeps extends BounceDeps {
  publicUrl: string;
  returnPaths?: ReturnPaths;
  providers: BounceProviders;
  /** How certificates of Amazon SNS are fetched; tests have a certificate of their own. */
  fetch?: FetchText;
}

/** A batch of SendGrid's is some hundred kilobytes. */
const mostBytes = 2 * 1024 * 1024;

/** Where mail providers report bounces and complaints; for each that the operator has set up. */
export function registerBounceRoutes(app: HttpServer, deps: BounceRouteDeps): void {
  const readers = Object.entries(readersOf(deps));
  if (readers.length === 0) return;
  const { publicUrl, returnPaths } = deps;
  const context = { messageIdDomain: new URL(publicUrl).hostname, returnPaths };
  // In a scope of its own: here bodies stay as they came, whatever their type is said to be, as signatures cover them.
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: mostBytes }, (_request, body, done) => {
      done(null, body);
    });
    for (const [name, read] of readers) {
      scope.post(
        `/api/bounces/${name}`,
        {
          // One provider reports for everybody, some of them each bounce by itself.
          config: { rateLimit: { max: 12_000, timeWindow: '1 minute' } },
          schema: { hide: true, response: responses(doneResponse) },
        },
        async ({ headers, body }) => {
          const { notifications, once } = await read({ headers, body: Buffer.isBuffer(body) ? body : Buffer.alloc(0) });
          await recordNotifications(deps, notifications, { ...context, heardFrom: name }, once);
          return { done: true as const };
        },
      );
    }
  });
}

/** @throws RangeError for a key or topic that is none. */
function readersOf({ providers, fetch = fetchText, logger }: BounceRouteDeps): Record<string, ReadNotification> {
  const { sesTopicArn, sendgridKey, mailgunKey, postmarkSecret } = providers;
  return {
    ...(sesTopicArn === undefined ? {} : { ses: ses(sesTopicArn, { fetch, logger }) }),
    ...(sendgridKey === undefined ? {} : { sendgrid: sendgrid(sendgridKey) }),
    ...(mailgunKey === undefined ? {} : { mailgun: mailgun(mailgunKey) }),
    ...(postmarkSecret === undefined ? {} : { postmark: postmark(postmarkSecret) }),
  };
}
