import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { readHistorySearch } from '../features/pushes/history/search.ts';
import { meQuery } from '../features/session/api/get-me.ts';
import { problemOf } from '../lib/http.ts';
import { BrokenPage, MissingPage, NoShopPage, PendingPage } from './other-pages.tsx';
import { Shell } from './shell.tsx';

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A positive whole number in a URL, however it is written there. */
function number(value: unknown): number | undefined {
  const parsed = Number(value);
  return Number.isSafeInteger(parsed) && parsed > 0 ? parsed : undefined;
}

const root = createRootRouteWithContext<{ client: QueryClient }>()({
  component: Outlet,
  notFoundComponent: MissingPage,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: 'sign-in',
  // Only a path of this site: what stands in a link must not lead elsewhere.
  validateSearch: (search): { next?: string | undefined } => ({
    next: /^\/(?![/\\])/.test(text(search.next) ?? '') ? text(search.next) : undefined,
  }),
  component: lazyRouteComponent(() => import('../features/session/sign-in-page.tsx'), 'SignInPage'),
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ context, location }) => {
    try {
      return { me: await context.client.ensureQueryData(meQuery) };
    } catch (error) {
      if (problemOf(error).status !== 401) throw error;
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href } });
    }
  },
  component: Shell,
});

const home = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  beforeLoad: ({ context }) => {
    const shop = context.me.shops[0];
    if (shop !== undefined) {
      throw redirect({ to: '/shops/$shopId/push', params: { shopId: String(shop.id) }, search: {}, replace: true });
    }
  },
  component: NoShopPage,
});

const shop = createRoute({
  getParentRoute: () => signedIn,
  path: 'shops/$shopId',
  loader: ({ context, params }) => {
    if (!context.me.shops.some(({ id }) => String(id) === params.shopId))
      throw notFound({ routeId: '/signed-in/shops/$shopId' });
  },
  component: Outlet,
  notFoundComponent: MissingPage,
});

const push = createRoute({
  getParentRoute: () => shop,
  path: 'push',
  /** `coupon`: a coupon that was just set up, to be chosen. */
  validateSearch: (search): { coupon?: number | undefined } => ({ coupon: number(search.coupon) }),
  component: lazyRouteComponent(() => import('../features/pushes/apply/apply-page.tsx'), 'ApplyPage'),
});

const coupons = createRoute({
  getParentRoute: () => shop,
  path: 'coupons',
  validateSearch: (search): { state?: 'active' | 'stopped' | undefined; after?: string | undefined } => ({
    state: search.state === 'active' || search.state === 'stopped' ? search.state : undefined,
    after: text(search.after),
  }),
  component: lazyRouteComponent(() => import('../features/coupons/coupon-list-page.tsx'), 'CouponListPage'),
});

const newCoupon = createRoute({
  getParentRoute: () => shop,
  path: 'coupons/new',
  /** `back=push`: return to the application with the new coupon chosen. */
  validateSearch: (search): { back?: 'push' | undefined } => ({ back: search.back === 'push' ? 'push' : undefined }),
  component: lazyRouteComponent(() => import('../features/coupons/new-coupon-page.tsx'), 'NewCouponPage'),
});

const history = createRoute({
  getParentRoute: () => shop,
  path: 'history',
  validateSearch: readHistorySearch,
  component: lazyRouteComponent(() => import('../features/pushes/history/history-page.tsx'), 'HistoryPage'),
});

const pushDetail = createRoute({
  getParentRoute: () => shop,
  path: 'pushes/$pushId',
  component: lazyRouteComponent(() => import('../features/pushes/detail/push-page.tsx'), 'PushPage'),
});

const routeTree = root.addChildren([
  signIn,
  signedIn.addChildren([home, shop.addChildren([push, coupons, newCoupon, history, pushDetail])]),
]);

export function createAppRouter(client: QueryClient) {
  return createRouter({
    routeTree,
    context: { client },
    defaultPreload: 'intent',
    scrollRestoration: true,
    defaultPendingMs: 200,
    defaultPendingComponent: PendingPage,
    defaultErrorComponent: BrokenPage,
    defaultNotFoundComponent: MissingPage,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
