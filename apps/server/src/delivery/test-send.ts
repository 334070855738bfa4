import type { Answer } from '../channels/answer.ts';
import { testReturnPath } from '../features/bounces/return-path.ts';
import { previewContent } from '../features/pushes/service.ts';
import { finishTestMail, retryTestMail, type TestSendToDo, testSendToDo } from '../features/test-sends/service.ts';
import { AppError } from '../lib/app-error.ts';
import { buildTestEmail } from '../messages/email-template.ts';
import type { PushContent } from '../messages/push-content.ts';
import { renderMessage } from '../messages/render.ts';
import type { DeliveryDeps } from './deps.ts';

/** Attempts at a test e-mail: whoever waits in front of the form wants to know soon. */
const mostAttempts = 3;

/**
 * Sends a test send's e-mails that are still owed, over the channel of the real ones. Nobody is suppressed and no push
 * paused, whatever the answers are. Killed in between, it is done again: a repeat has the same Message-ID.
 */
export async function sendTest(deps: DeliveryDeps, testSendId: number): Promise<void> {
  const test = await testSendToDo(deps.db, testSendId);
  if (test === undefined || test.mails.length === 0) return;
  const content = await contentOf(deps, test);
  for (const { language, attempts } of test.mails) {
    const mail = { id: testSendId, language };
    const finish = (reason: Parameters<typeof finishTestMail>[2]['reason']) =>
      finishTestMail(deps.db, mail, { reason, at: deps.clock.now() });
    if (content === null) {
      await finish('choices_gone');
      continue;
    }
    const rendered = await renderMessage(content, language);
    const { from: headerFrom, raw } = buildTestEmail(rendered, {
      to: test.to,
      testSendId,
      date: deps.clock.now(),
      messageIdDomain: new URL(deps.publicUrl).hostname,
    });
    const { returnPaths } = deps;
    const from = returnPaths === undefined ? headerFrom : testReturnPath(returnPaths, testSendId);
    const answer = await deps.email.send({ from, to: test.to, raw });
    const waitMs = waitAfter(deps, answer, attempts);
    if (waitMs === null) await finish(reasonOf(answer));
    else await deps.db.transaction().execute((trx) => retryTestMail(trx, mail, new Date(Date.now() + waitMs)));
    if (answer.kind === 'ours') {
      deps.logger.error({ testSendId, reason: answer.reason }, 'a test e-mail was refused: the refusal is about us');
    }
  }
}

/** Null when what was chosen is not there any more, or is not this person's shop's any more. */
async function contentOf({ db, clock, publicUrl }: DeliveryDeps, test: TestSendToDo): Promise<PushContent | null> {
  try {
    return await previewContent(db, test.scope, test.choices, { now: clock.now(), publicUrl });
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** Null when the answer is final. */
function waitAfter({ retryDelaysMs }: DeliveryDeps, answer: Answer, attempts: number): number | null {
  if (answer.kind !== 'retry' || attempts + 1 >= mostAttempts) return null;
  return answer.afterMs ?? retryDelaysMs[0] ?? 0;
}

function reasonOf(answer: Answer): 'address_refused' | 'mail_server' | null {
  if (answer.kind === 'sent') return null;
  return answer.kind === 'failed' || answer.kind === 'gone' ? 'address_refused' : 'mail_server';
}
