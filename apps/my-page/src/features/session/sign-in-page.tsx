import { lazy, Suspense } from 'react';
import { useText } from '../../lib/i18n.ts';
import { Page } from '../../ui/page.tsx';
import { ListSkeleton } from '../../ui/states.tsx';
import { useMarketplace } from '../marketplace/marketplace.tsx';
import classes from './sign-in-page.module.css';

const ActAsList = lazy(() => import('./act-as-list.tsx').then((module) => ({ default: module.ActAsList })));

/** The way to the marketplace's sign-in, and back to where the customer wanted to be. */
function signInAddress(template: string): string {
  return template.replace('{next}', encodeURIComponent(location.pathname + location.search));
}

/** Stands in for a page that needs a session, at the same address. */
export function SignInPage() {
  const { t } = useText();
  const { name, signInUrl, contactUrl, actAs } = useMarketplace();
  return (
    <Page title={t('signIn.title')}>
      <p>{t('signIn.text', { marketplace: name })}</p>
      {signInUrl !== null && (
        <a className={`button button-main ${classes.button}`} href={signInAddress(signInUrl)}>
          {t('signIn.button', { marketplace: name })}
        </a>
      )}
      {signInUrl === null && !actAs && <p className="note">{t('signIn.off', { marketplace: name })}</p>}
      {actAs && (
        <Suspense fallback={<ListSkeleton />}>
          <ActAsList />
        </Suspense>
      )}
      <p>
        <a href={contactUrl}>{t('signIn.contact')}</a>
      </p>
    </Page>
  );
}
