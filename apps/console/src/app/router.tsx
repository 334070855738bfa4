import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  Outlet,
  redirect,
  useParams,
} from '@tanstack/react-router';
import { readFellowSearch } from '../features/fellows/search.ts';
import { readOrderSearch } from '../features/orders/search.ts';
import { readPushSearch } from '../features/pushes/detail/search.ts';
import { readHistorySearch } from '../features/pushes/history/search.ts';
import { meQuery } from '../features/session/api/get-me.ts';
import { rememberedShop, rememberShop } from '../features/session/remembered-shop.ts';
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

const join = createRoute({
  getParentRoute: () => root,
  path: 'join/$token',
  component: lazyRouteComponent(() => import('../features/staff/join-page.tsx'), 'JoinPage'),
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
    const shop = rememberedShop(context.me.shops);
    if (shop !== undefined) {
      throw redirect({ to: '/shops/$shopId', params: { shopId: String(shop.id) }, replace: true });
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
    rememberShop(params.shopId);
  },
  component: ShopPages,
  notFoundComponent: MissingPage,
});

/** The pages of one shop: nothing that they hold, shown or typed, goes over into another one's. */
function ShopPages() {
  const { shopId } = useParams({ from: '/signed-in/shops/$shopId' });
  return <Outlet key={shopId} />;
}

const account = createRoute({
  getParentRoute: () => signedIn,
  path: 'account',
  component: lazyRouteComponent(() => import('../features/account/account-page.tsx'), 'AccountPage'),
});

const dashboard = createRoute({
  getParentRoute: () => shop,
  path: '/',
  component: lazyRouteComponent(() => import('../features/dashboard/dashboard-page.tsx'), 'DashboardPage'),
});

const push = createRoute({
  getParentRoute: () => shop,
  path: 'push',
  /** `coupon`: a coupon that was just set up, to be chosen. `upload`: orders that were chosen, to be compensated. */
  validateSearch: (search): { coupon?: number | undefined; upload?: string | undefined } => ({
    coupon: number(search.coupon),
    upload: /^[\da-f-]{36}$/.test(text(search.upload) ?? '') ? text(search.upload) : undefined,
  }),
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

const bannerGuide = createRoute({
  getParentRoute: () => shop,
  path: 'banner-guide',
  component: lazyRouteComponent(() => import('../features/banners/banner-guide-page.tsx'), 'BannerGuidePage'),
});

const history = createRoute({
  getParentRoute: () => shop,
  path: 'history',
  validateSearch: readHistorySearch,
  component: lazyRouteComponent(() => import('../features/pushes/history/history-page.tsx'), 'HistoryPage'),
});

const features = createRoute({
  getParentRoute: () => shop,
  path: 'features',
  component: lazyRouteComponent(() => import('../features/shop-features/feature-list-page.tsx'), 'FeatureListPage'),
});

const newFeature = createRoute({
  getParentRoute: () => shop,
  path: 'features/new',
  component: lazyRouteComponent(() => import('../features/shop-features/feature-pages.tsx'), 'NewFeaturePage'),
});

const featureDetail = createRoute({
  getParentRoute: () => shop,
  path: 'features/$featureId',
  component: lazyRouteComponent(() => import('../features/shop-features/feature-pages.tsx'), 'FeaturePage'),
});

const fellows = createRoute({
  getParentRoute: () => shop,
  path: 'fellows',
  validateSearch: readFellowSearch,
  component: lazyRouteComponent(() => import('../features/fellows/fellows-page.tsx'), 'FellowsPage'),
});

const orders = createRoute({
  getParentRoute: () => shop,
  path: 'orders',
  validateSearch: readOrderSearch,
  component: lazyRouteComponent(() => import('../features/orders/orders-page.tsx'), 'OrdersPage'),
});

const staff = createRoute({
  getParentRoute: () => shop,
  path: 'staff',
  component: lazyRouteComponent(() => import('../features/staff/staff-page.tsx'), 'StaffPage'),
});

const pushDetail = createRoute({
  getParentRoute: () => shop,
  path: 'pushes/$pushId',
  validateSearch: readPushSearch,
  component: lazyRouteComponent(() => import('../features/pushes/detail/push-page.tsx'), 'PushPage'),
});

const routeTree = root.addChildren([
  signIn,
  join,
  signedIn.addChildren([
    home,
    account,
    shop.addChildren([
      dashboard,
      push,
      bannerGuide,
      coupons,
      newCoupon,
      history,
      pushDetail,
      features,
      newFeature,
      featureDetail,
      fellows,
      orders,
      staff,
    ]),
  ]),
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
