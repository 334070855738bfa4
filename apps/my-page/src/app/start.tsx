import type { MyMarketplace } from '@coupon-push/contract/my-page.ts';
import type { Root } from 'react-dom/client';
import { SWRConfig } from 'swr';
import { MarketplaceProvider } from '../features/marketplace/marketplace.tsx';
import { fetchSession, sessionChanged } from '../features/session/use-session.ts';
import { ApiError, problemOf, request } from '../lib/http.ts';
import { browserLanguage, chosenLanguage, loadLanguage, showLanguage } from '../lib/i18n.ts';
import { ErrorState } from '../ui/states.tsx';
import { App } from './app.tsx';
import { startServiceWorker } from './service-worker.ts';

/**
 * Shows the app: the language first (chosen here, else the account's, else the browser's, else the marketplace's), so
 * that no sentence appears in the wrong one.
 */
export async function start(root: Root): Promise<void> {
  // The likely one is on its way meanwhile.
  const likely = chosenLanguage() ?? browserLanguage();
  if (likely !== undefined) void loadLanguage(likely).catch(() => undefined);
  const [marketplace, session] = await Promise.all([
    request<MyMarketplace>('/api/my/marketplace').catch((error: unknown) => ({ error })),
    fetchSession().catch(() => undefined),
  ]);
  const fallback = 'error' in marketplace ? 'en' : marketplace.language;
  await showLanguage(chosenLanguage() ?? session?.language ?? browserLanguage() ?? fallback);
  if ('error' in marketplace) {
    root.render(<ErrorState error={marketplace.error} onRetry={() => location.reload()} />);
    return;
  }
  startServiceWorker();
  const aheadMs = Date.parse(marketplace.now) - Date.now();
  const known = session === undefined ? {} : { '/api/my/session': session };
  root.render(
    <SWRConfig
      value={{
        fetcher: (address: string) => request(address),
        shouldRetryOnError: isWorthRetrying,
        onError: noticeEndOfSession,
        fallback: known,
      }}
    >
      <MarketplaceProvider value={{ ...marketplace, aheadMs }}>
        <App />
      </MarketplaceProvider>
    </SWRConfig>,
  );
}

function noticeEndOfSession(error: unknown): void {
  if (problemOf(error).status === 401) void sessionChanged();
}

/** Only what may be cured by asking again is asked again. */
function isWorthRetrying(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  const { status } = problemOf(error);
  return status === 0 || status >= 502;
}
