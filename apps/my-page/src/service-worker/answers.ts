import { answersCache, keptHeader, picturesCache } from './cache-names.ts';

/** Filled in by the build: the app's own files, and a name that changes with any of them. */
declare const __SHELL_FILES__: string[];
declare const __SHELL_VERSION__: string;

const shellCache = `shell-${__SHELL_VERSION__}`;
const page = '/my/';
/** A page that has not come after so long is shown from what is kept, ms. */
const patienceMs = 3000;
const mostPictures = 200;
/** Who is signed in. */
const sessionPath = '/api/my/session';
/** The same for everybody, and the app does not start without it. */
const marketplacePath = '/api/my/marketplace';

/** Keeps the app itself, whole, for the time without a network. */
export async function keepShell(): Promise<void> {
  const cache = await caches.open(shellCache);
  await cache.addAll([page, ...__SHELL_FILES__]);
}

/** What an earlier version kept of itself. */
export async function forgetOldCaches(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith('shell-') && name !== shellCache);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** Who answers a request: undefined leaves it to the browser. */
export function answerFor(
  request: Request,
  afterwards: (work: Promise<unknown>) => void,
): Promise<Response> | undefined {
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return undefined;
  const { pathname } = url;
  if (request.mode === 'navigate') {
    // Pages of the server's own, not of the app.
    if (pathname === '/my/enter' || pathname.startsWith('/my/verify/')) return undefined;
    return pathname.startsWith(page) ? freshPage(request) : undefined;
  }
  if (pathname.startsWith('/my/')) return kept(request, shellCache);
  if (pathname.startsWith('/api/my/')) return freshAnswer(request, afterwards);
  if (pathname.startsWith('/items/') || pathname.startsWith('/images/')) return picture(request, afterwards);
  return undefined;
}

/** The app's page from the network, or the kept one when there is none, or it takes long. */
async function freshPage(request: Request): Promise<Response> {
  const keptPage = await caches.match(page);
  const fetched = fetch(request);
  if (keptPage === undefined) return await fetched;
  const late = new Promise<Response>((resolve) => setTimeout(() => resolve(keptPage), patienceMs));
  return await Promise.race([fetched.then((answer) => (answer.status >= 500 ? keptPage : answer)), late]).catch(
    () => keptPage,
  );
}

async function kept(request: Request, cacheName: string): Promise<Response> {
  const cache = await caches.open(cacheName);
  return (await cache.match(request)) ?? (await fetch(request));
}

/** From the network, and kept; without a network what was kept last. */
async function freshAnswer(request: Request, afterwards: (work: Promise<unknown>) => void): Promise<Response> {
  try {
    const answer = await fetch(request);
    if (answer.status === 401) afterwards(caches.delete(answersCache));
    if (answer.ok && new URL(request.url).pathname === sessionPath) {
      // Where it cannot be told whose they are, none stays.
      await forgetOthers(request, answer.clone()).catch(() => caches.delete(answersCache));
    }
    if (answer.ok) afterwards(keep(request, answer.clone(), answersCache));
    return answer;
  } catch (error) {
    const cache = await caches.open(answersCache);
    const last = await cache.match(request);
    if (last === undefined) throw error;
    const headers = new Headers(last.headers);
    headers.set(keptHeader, '1');
    return new Response(last.body, { status: last.status, headers });
  }
}

/**
 * What was kept of somebody else goes before the app hears who is signed in: who comes from the marketplace takes the place of
 * whoever was here before, who need not have signed out.
 */
async function forgetOthers(request: Request, session: Response): Promise<void> {
  const cache = await caches.open(answersCache);
  const before = await cache.match(request);
  if (before !== undefined && (await customerOf(before)) === (await customerOf(session))) return;
  const others = (await cache.keys()).filter((one) => new URL(one.url).pathname !== marketplacePath);
  await Promise.all(others.map((one) => cache.delete(one)));
}

async function customerOf(session: Response): Promise<string> {
  return ((await session.json()) as { customerNo: string }).customerNo;
}

async function picture(request: Request, afterwards: (work: Promise<unknown>) => void): Promise<Response> {
  const cache = await caches.open(picturesCache);
  const found = await cache.match(request);
  if (found !== undefined) return found;
  const answer = await fetch(request);
  if (answer.ok) afterwards(keep(request, answer.clone(), picturesCache).then(() => forgetFirst(cache)));
  return answer;
}

async function keep(request: Request, answer: Response, cacheName: string): Promise<void> {
  const cache = await caches.open(cacheName);
  await cache.put(request, answer);
}

async function forgetFirst(cache: Cache): Promise<void> {
  const pictures = await cache.keys();
  await Promise.all(pictures.slice(0, Math.max(0, pictures.length - mostPictures)).map((one) => cache.delete(one)));
}
