import { type Language, languageNames, languages } from '@coupon-push/i18n/languages.ts';
import { Link } from 'wouter';
import { request } from '../../lib/http.ts';
import { chooseLanguage, useText } from '../../lib/i18n.ts';
import { useAction } from '../../lib/use-action.ts';
import { LeadingLink } from '../../ui/leading-link.tsx';
import { Page } from '../../ui/page.tsx';
import { Refusal } from '../../ui/states.tsx';
import { AppPushPanel } from '../app-push/app-push-panel.tsx';
import { turnOffHere } from '../app-push/subscription.ts';
import { useMarketplace } from '../marketplace/marketplace.tsx';
import { sessionChanged, useSession } from '../session/use-session.ts';
import { PreferencesPanel } from './preferences-panel.tsx';
import classes from './settings.module.css';

/** What the customer receives, where, and in which language the app is. */
export function SettingsPage() {
  const { t, language } = useText();
  const { contactUrl } = useMarketplace();
  const { data: session } = useSession();
  const signOut = useAction(async () => {
    // The next person at this device must not get this one's notifications.
    await turnOffHere().catch(() => undefined);
    await request('/api/my/session', 'DELETE');
    await sessionChanged();
  });
  return (
    <Page title={t('settings.title')}>
      <PreferencesPanel />
      <AppPushPanel />
      <section className={classes.section}>
        <h2>
          <label htmlFor="language">{t('settings.language')}</label>
        </h2>
        <select
          id="language"
          className={classes.select}
          value={language}
          onChange={(event) => void chooseLanguage(event.currentTarget.value as Language)}
        >
          {languages.map((one) => (
            <option key={one} value={one} lang={one}>
              {languageNames[one]}
            </option>
          ))}
        </select>
        <p className="note">{t('settings.languageText')}</p>
      </section>
      <section className={classes.section}>
        <p>
          <Link href="/settings/consents">{t('settings.history')}</Link>
        </p>
        <p>
          <LeadingLink href={contactUrl}>{t('settings.contact')}</LeadingLink>
        </p>
        {session && <p className="note">{t('settings.signedInAs', { name: session.name ?? session.customerNo })}</p>}
        <Refusal error={signOut.refusal} />
        <button type="button" className="button" disabled={signOut.busy} onClick={() => void signOut.run()}>
          {t('settings.signOut')}
        </button>
      </section>
    </Page>
  );
}
