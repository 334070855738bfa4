import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import type { Root } from 'react-dom/client';
import { marketplaceQuery } from '../features/marketplace/api/get-marketplace.ts';
import { meQuery } from '../features/session/api/get-me.ts';
import { problemOf } from '../lib/http.ts';
import { browserLanguage, chosenLanguage, startI18n } from '../lib/i18n.ts';
import { ErrorState } from '../ui/states.tsx';
import { createAppRouter } from './router.tsx';
import { cssVariables, theme } from './theme.ts';

/** Only what may be cured by asking again is asked again. */
function retry(failures: number, error: unknown): boolean {
  const { status } = problemOf(error);
  return failures < 2 && (status === 0 || status >= 502);
}

function createClient(): QueryClient {
  return new QueryClient({ defaultOptions: { queries: { retry, staleTime: 5000 }, mutations: { retry: false } } });
}

/**
 * Shows the app: the language first (chosen here, else the account's, else the browser's, else the marketplace's), so
 * that no sentence appears in the wrong one.
 */
export async function start(root: Root): Promise<void> {
  const client = createClient();
  const chosen = chosenLanguage();
  const [marketplace, me] = await Promise.all([
    client.fetchQuery(marketplaceQuery).catch((error: unknown) => ({ error })),
    client.fetchQuery(meQuery).catch(() => null),
  ]);
  const others = [chosen, me?.user.language, browserLanguage()];
  const fallback = 'error' in marketplace ? 'en' : marketplace.language;
  await startI18n(others.find((language) => language != null) ?? fallback);
  if ('error' in marketplace) {
    root.render(
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
        <ErrorState error={marketplace.error} onRetry={() => location.reload()} />
      </MantineProvider>,
    );
    return;
  }
  const router = createAppRouter(client);
  root.render(
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>,
  );
}
