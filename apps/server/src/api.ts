import type { FastifyBaseLogger } from 'fastify';
import type { Database } from './db/database.ts';
import { registerDeliveryRoutes } from './delivery/routes.ts';
import { registerActAsRoutes } from './demo/act-as-routes.ts';
import { registerDemoCheckout } from './demo/checkout-routes.ts';
import type { DemoClock } from './demo/demo-clock.ts';
import { registerDemoRoutes } from './demo/demo-routes.ts';
import { demoPassword, demoSignIns } from './demo/demo-sign-ins.ts';
import { registerMailbox } from './demo/mailbox-routes.ts';
import { createAuth } from './features/accounts/auth.ts';
import { registerAccountRoutes, sessionActor } from './features/accounts/routes.ts';
import { ApiKeys } from './features/api-keys/service.ts';
import { registerAudienceRoutes } from './features/audiences/routes.ts';
import { registerBannerRoutes } from './features/banners/routes.ts';
import type { FetchText } from './features/bounces/providers/sns-certificates.ts';
import type { ReturnPaths } from './features/bounces/return-path.ts';
import { type BounceProviders, registerBounceRoutes } from './features/bounces/routes.ts';
import { registerCompensationRoutes } from './features/compensation/routes.ts';
import { registerConsentRoutes } from './features/consents/routes.ts';
import { registerCouponBoxRoutes } from './features/coupon-box/routes.ts';
import { registerCouponRoutes } from './features/coupons/routes.ts';
import { sessionCustomer } from './features/customer-sessions/cookie.ts';
import { KnownSessions } from './features/customer-sessions/known-sessions.ts';
import { registerCustomerSessionRoutes } from './features/customer-sessions/routes.ts';
import { type CustomerTokenSettings, customerTokens } from './features/customer-sessions/token.ts';
import { registerDashboardRoutes } from './features/dashboard/routes.ts';
import { registerExportRoutes } from './features/exports/routes.ts';
import { registerFavouriteRoutes } from './features/favourites/routes.ts';
import { registerFellowRoutes } from './features/fellows/routes.ts';
import { registerItemRoutes } from './features/items/routes.ts';
import { registerMarketplaceRoutes, registerMyMarketplaceRoute } from './features/marketplace/routes.ts';
import { measureRequests } from './features/metrics/http.ts';
import type { Metrics } from './features/metrics/metrics.ts';
import { registerOrderRoutes } from './features/orders/routes.ts';
import { registerPreferenceRoutes } from './features/preferences/routes.ts';
import { registerPushRoutes } from './features/pushes/routes.ts';
import { registerQpostRoutes } from './features/qpost/routes.ts';
import { registerRedemptionRoutes } from './features/redemptions/routes.ts';
import { registerResultRoutes } from './features/results/routes.ts';
import { registerSendingLimitRoutes } from './features/sending-limits/routes.ts';
import { registerShopFeatureRoutes } from './features/shop-features/routes.ts';
import { registerSlotRoutes } from './features/slots/routes.ts';
import { registerStaffRoutes } from './features/staff/routes.ts';
import { registerMyDeviceRoutes } from './features/subscriptions/my-device-routes.ts';
import { registerSubscriptionRoutes } from './features/subscriptions/routes.ts';
import { registerTestSendRoutes } from './features/test-sends/routes.ts';
import type { Changes } from './http/changes.ts';
import type { MyPageDeps } from './http/customer.ts';
import type { RouteDeps } from './http/deps.ts';
import { registerHealth } from './http/health.ts';
import type { BuiltPages } from './http/pages.ts';
import { createHttpServer, type HttpServer } from './http/server.ts';
import type { Clock } from './lib/clock.ts';

export interface ApiOptions {
  database: Database;
  clock: Clock;
  changes: Changes;
  logger: FastifyBaseLogger;
  publicUrl: string;
  /** Other origins that the pages are opened at, as 127.0.0.1 beside localhost. */
  otherOrigins: string[];
  signInSecret: string;
  unsubscribeSecret: string;
  /** What the codes of issued coupons are made with. */
  couponSecret: string;
  /** How the marketplace signs its customers in; without it only the demo lets anybody in. */
  customerTokens?: CustomerTokenSettings;
  /** Where they sign in there, with `{next}`. */
  customerSignInUrl?: string;
  /** What the envelope senders of e-mails are made with, where bounces are heard. */
  returnPaths?: ReturnPaths;
  /** The mail providers that may report bounces. */
  bounceProviders?: BounceProviders;
  /** How certificates of Amazon SNS are fetched; tests have a certificate of their own. */
  fetchText?: FetchText;
  /** Where requests are counted. */
  metrics?: Metrics;
  /** Can native apps be reached? */
  nativeApps?: boolean;
  /** Proxies in front, see HttpOptions. */
  trustProxy?: string;
  /** The built apps; without them only the API answers. */
  pages?: BuiltPages;
  /** Given in the demo: its clock can be moved, its mail is captured, its sign-ins are shown. */
  demo?: { clock: DemoClock; mailbox: boolean };
}

/** A request's body can be this large at most, bytes; a banner is smaller, and is then refused by the policy's limit. */
const maxUploadBytes = 10 * 1024 * 1024;

/** The HTTP server with every route there is. Not listening yet. */
export async function createApi(options: ApiOptions): Promise<HttpServer> {
  const { database, clock, changes, publicUrl, demo } = options;
  const { db, pool } = database;
  const trustedOrigins = [new URL(publicUrl).origin, ...options.otherOrigins];
  const known = new KnownSessions();
  const app = await createHttpServer({
    logger: options.logger,
    trustedOrigins,
    maxUploadBytes,
    knownSession: (request) => known.keyOf(request),
    ...(options.pages === undefined ? {} : { pages: options.pages }),
    ...(options.trustProxy === undefined ? {} : { trustProxy: options.trustProxy }),
  });
  if (options.metrics !== undefined) measureRequests(app, options.metrics);
  const auth = createAuth({ pool, secret: options.signInSecret, publicUrl, trustedOrigins });
  const apiKeys = new ApiKeys(db);
  const deps: RouteDeps = { db, clock, authenticate: sessionActor(auth), publicUrl };
  const shown = demo ? demoSignIns.map(({ email, label }) => ({ email, password: demoPassword, label })) : [];
  registerHealth(app, db);
  registerMarketplaceRoutes(app, deps, shown);
  registerAccountRoutes(app, deps, auth);
  registerStaffRoutes(app, deps);
  registerCouponRoutes(app, deps);
  registerItemRoutes(app, deps);
  registerAudienceRoutes(app, deps);
  registerSlotRoutes(app, deps);
  registerShopFeatureRoutes(app, deps);
  registerFellowRoutes(app, deps);
  registerOrderRoutes(app, deps);
  registerDashboardRoutes(app, deps);
  registerBannerRoutes(app, deps);
  registerCompensationRoutes(app, deps);
  registerPushRoutes(app, { ...deps, changes });
  registerTestSendRoutes(app, deps);
  registerResultRoutes(app, deps);
  registerExportRoutes(app, deps);
  registerDeliveryRoutes(app, deps);
  registerSendingLimitRoutes(app, deps);
  registerRedemptionRoutes(app, { db, pool, clock, couponSecret: options.couponSecret, apiKeys });
  registerSubscriptionRoutes(app, { db, clock, apiKeys, nativeApps: options.nativeApps ?? false });
  registerConsentRoutes(app, { db, clock, unsubscribeSecret: options.unsubscribeSecret });
  registerBounceRoutes(app, {
    db,
    clock,
    logger: options.logger,
    publicUrl,
    providers: options.bounceProviders ?? {},
    ...(options.returnPaths === undefined ? {} : { returnPaths: options.returnPaths }),
    ...(options.fetchText === undefined ? {} : { fetch: options.fetchText }),
  });
  const my: MyPageDeps = { db, clock, publicUrl, customer: sessionCustomer({ db, clock, publicUrl, known }) };
  const signInUrl = options.customerSignInUrl ?? null;
  registerMyMarketplaceRoute(app, { db, clock, signInUrl, actAs: demo !== undefined });
  registerCustomerSessionRoutes(app, { ...my, readToken: customerTokens(options.customerTokens) });
  registerCouponBoxRoutes(app, { ...my, couponSecret: options.couponSecret });
  registerQpostRoutes(app, my);
  registerFavouriteRoutes(app, my);
  registerMyDeviceRoutes(app, my);
  registerPreferenceRoutes(app, { ...my, linkSecret: options.unsubscribeSecret });
  if (demo) {
    registerActAsRoutes(app, my);
    registerDemoCheckout(app, { ...my, pool, couponSecret: options.couponSecret });
    registerDemoRoutes(app, deps, demo.clock);
    if (demo.mailbox) registerMailbox(app, { pool });
  }
  return app;
}
