import { ApiError, readProblem } from './http.ts';
import { signInAgain, signInsSoFar } from './sign-in-gate.ts';

interface UploadOptions {
  /** How much has left this computer, 0 to 1. */
  onSent: (share: number) => void;
  signal: AbortSignal;
}

/**
 * Sends a form with a file, telling how far it is: what fetch cannot. Like `request`, it waits for a new sign-in when the
 * session has ended, and then sends the same form once more.
 * @throws {ApiError} when the answer is a refusal, or when there is none; the signal's reason when it was called off
 */
export async function upload<T>(path: string, form: FormData, options: UploadOptions): Promise<T> {
  const signIns = signInsSoFar();
  let answer = await send(path, form, options);
  if (answer.status === 401) {
    await signInAgain(signIns);
    answer = await send(path, form, options);
  }
  if (!answer.ok) throw new ApiError(await readProblem(answer));
  return (await answer.json()) as T;
}

function send(path: string, form: FormData, { onSent, signal }: UploadOptions): Promise<Response> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = new XMLHttpRequest();
    request.open('POST', path);
    request.setRequestHeader('accept', 'application/json');
    request.upload.addEventListener('progress', ({ loaded, total }) => onSent(total === 0 ? 0 : loaded / total));
    request.addEventListener('load', () => resolve(new Response(request.responseText, { status: request.status })));
    request.addEventListener('error', () =>
      reject(new ApiError({ status: 0, code: 'unreachable', params: {}, fields: [], requestId: undefined })),
    );
    signal.addEventListener('abort', () => {
      request.abort();
      reject(signal.reason);
    });
    request.send(form);
  });
}
