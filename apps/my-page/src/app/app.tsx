import { type ComponentType, lazy, type ReactNode, Suspense } from 'react';
import { Redirect, Route, Router, Switch } from 'wouter';
import { CouponBoxPage } from '../features/coupons/coupon-box-page.tsx';
import { SignInPage } from '../features/session/sign-in-page.tsx';
import { useSession } from '../features/session/use-session.ts';
import { loadLaterSentences } from '../lib/i18n.ts';
import { ErrorState, ListSkeleton } from '../ui/states.tsx';
import { NotFoundPage } from './not-found-page.tsx';
import { Shell } from './shell.tsx';

// Only the coupon box is in the first load.
const QpostPage = later(async () => (await import('../features/qpost/qpost-page.tsx')).QpostPage);
const MessagePage = later(async () => (await import('../features/qpost/message-page.tsx')).MessagePage);
const ShopsPage = later(async () => (await import('../features/shops/shops-page.tsx')).ShopsPage);
const ShopPage = later(async () => (await import('../features/shops/shop-page.tsx')).ShopPage);
const FeaturePage = later(async () => (await import('../features/shops/feature-page.tsx')).FeaturePage);
const CheckoutPage = later(async () => (await import('../features/checkout/checkout-page.tsx')).CheckoutPage);
const SettingsPage = later(async () => (await import('../features/settings/settings-page.tsx')).SettingsPage);
const ConsentsPage = later(async () => (await import('../features/settings/consents-page.tsx')).ConsentsPage);
const ContactPage = later(async () => (await import('../features/marketplace/contact-page.tsx')).ContactPage);

/** A page that is loaded, with what it says, when it is opened. */
function later<P>(load: () => Promise<ComponentType<P>>) {
  return lazy(async () => {
    const [page] = await Promise.all([load(), loadLaterSentences()]);
    return { default: page };
  });
}

/** Every page of the app. */
export function App() {
  return (
    <Router base="/my">
      <Shell>
        <Suspense fallback={<Waiting />}>
          <Switch>
            <Route path="/">
              <Redirect to="/coupons" replace />
            </Route>
            <Route path="/coupons">
              <SignedIn>
                <CouponBoxPage />
              </SignedIn>
            </Route>
            <Route path="/qpost">
              <SignedIn>
                <QpostPage />
              </SignedIn>
            </Route>
            <Route path="/qpost/:messageId">
              {({ messageId }) => (
                <SignedIn>
                  <MessagePage messageId={messageId} />
                </SignedIn>
              )}
            </Route>
            <Route path="/shops">
              <SignedIn>
                <ShopsPage />
              </SignedIn>
            </Route>
            <Route path="/shops/:shopNo">{({ shopNo }) => <ShopPage key={shopNo} shopNo={shopNo} />}</Route>
            <Route path="/shops/:shopNo/features/:featureId">
              {({ shopNo, featureId }) => <FeaturePage shopNo={shopNo} featureId={featureId} />}
            </Route>
            <Route path="/shops/:shopNo/checkout">
              {({ shopNo }) => (
                <SignedIn>
                  <CheckoutPage shopNo={shopNo} />
                </SignedIn>
              )}
            </Route>
            <Route path="/settings">
              <SignedIn>
                <SettingsPage />
              </SignedIn>
            </Route>
            <Route path="/settings/consents">
              <SignedIn>
                <ConsentsPage />
              </SignedIn>
            </Route>
            <Route path="/contact">
              <ContactPage />
            </Route>
            <Route>
              <NotFoundPage />
            </Route>
          </Switch>
        </Suspense>
      </Shell>
    </Router>
  );
}

/** What only a signed-in customer sees; anybody else is asked to sign in, at the same address. */
function SignedIn({ children }: { children: ReactNode }) {
  const { data: session, error, mutate } = useSession();
  if (session) return children;
  if (session === null) return <SignInPage />;
  if (error !== undefined) return <ErrorState error={error} onRetry={() => void mutate()} />;
  return <Waiting />;
}

function Waiting() {
  return (
    <div style={{ maxWidth: 640, margin: '0 auto', padding: 16 }}>
      <ListSkeleton />
    </div>
  );
}
