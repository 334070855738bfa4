import type { Preferences } from '@coupon-push/contract/my-page.ts';
import { useState } from 'react';
import { request } from '../../lib/http.ts';
import { useText } from '../../lib/i18n.ts';
import { useAction } from '../../lib/use-action.ts';
import { Refusal } from '../../ui/states.tsx';
import classes from './settings.module.css';

/** The address that coupons' e-mails go to, and the way to verify it: without that there are no coupons. */
export function AddressPanel({ email }: { email: Preferences['email'] }) {
  const { t } = useText();
  const [sent, setSent] = useState(false);
  const verify = useAction(async () => {
    await request('/api/my/email-verification', 'POST');
    setSent(true);
  });
  const usable = email.verified && !email.undeliverable;
  const state = email.undeliverable ? 'undeliverable' : email.verified ? 'verified' : 'unverified';
  return (
    <section className={classes.section} aria-labelledby="address">
      <h2 id="address">{t('settings.address')}</h2>
      {email.address === null ? (
        <p>{t('settings.noAddress')}</p>
      ) : (
        <>
          <p>{email.address}</p>
          <p className={usable ? classes.good : classes.warn}>{t(`settings.${state}`)}</p>
        </>
      )}
      {email.address !== null && !usable && (
        <>
          <button type="button" className="button" disabled={verify.busy || sent} onClick={() => void verify.run()}>
            {t('settings.verify')}
          </button>
          <p aria-live="polite">{sent && t('settings.verifySent')}</p>
          <Refusal error={verify.refusal} />
        </>
      )}
    </section>
  );
}
