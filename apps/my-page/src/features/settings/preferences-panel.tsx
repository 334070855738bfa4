import type { Preferences, PreferencesChange } from '@coupon-push/contract/my-page.ts';
import { useState } from 'react';
import useSWR from 'swr';
import { request } from '../../lib/http.ts';
import { useText } from '../../lib/i18n.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { ErrorState, ListSkeleton, Refusal } from '../../ui/states.tsx';
import { SwitchRow } from '../../ui/switch-row.tsx';
import { AddressPanel } from './address-panel.tsx';
import { preferencesKey } from './preferences-key.ts';
import classes from './settings.module.css';

/** What the customer agrees to. A choice holds at once; the one that ends all coupons is asked about first. */
export function PreferencesPanel() {
  const { t } = useText();
  const { data, error, mutate } = useSWR<Preferences>(preferencesKey);
  const [stopping, setStopping] = useState(false);
  const [outcome, setOutcome] = useState<{ saved: true } | { refusal: unknown }>();
  if (data === undefined) {
    if (error !== undefined) return <ErrorState error={error} onRetry={() => void mutate()} />;
    return <ListSkeleton />;
  }
  const change = async (choices: PreferencesChange) => {
    setOutcome(undefined);
    try {
      const sent = request<Preferences>(preferencesKey, 'PATCH', choices);
      await mutate(sent, {
        optimisticData: { ...data, ...definedOf(choices) },
        rollbackOnError: true,
        revalidate: false,
      });
      setOutcome({ saved: true });
      setStopping(false);
    } catch (caught) {
      setOutcome({ refusal: caught });
    }
  };
  return (
    <>
      <section className={classes.section} aria-labelledby="messages">
        <h2 id="messages">{t('settings.messages')}</h2>
        <div>
          <SwitchRow
            label={t('settings.couponMail')}
            text={t('settings.couponMailText')}
            on={data.couponMail}
            onChange={(on) => (on ? void change({ couponMail: true }) : setStopping(true))}
          />
          <SwitchRow
            label={t('settings.appPush')}
            text={t('settings.appPushText')}
            on={data.appPush}
            onChange={(appPush) => void change({ appPush })}
          />
          {data.quietHours !== null && (
            <SwitchRow
              label={t('settings.nightMessages')}
              text={t('settings.nightMessagesText', data.quietHours)}
              on={data.nightMessages}
              onChange={(nightMessages) => void change({ nightMessages })}
            />
          )}
        </div>
        <p className={classes.saved} aria-live="polite">
          {outcome !== undefined && 'saved' in outcome && t('settings.saved')}
        </p>
        {!stopping && outcome !== undefined && 'refusal' in outcome && <Refusal error={outcome.refusal} />}
      </section>
      <AddressPanel email={data.email} />
      {stopping && (
        <Confirm
          question={t('settings.couponMailQuestion')}
          text={t('settings.couponMailText')}
          action={t('settings.couponMailStop')}
          onAct={() => void change({ couponMail: false })}
          onClose={() => setStopping(false)}
        >
          {outcome !== undefined && 'refusal' in outcome && <Refusal error={outcome.refusal} />}
        </Confirm>
      )}
    </>
  );
}

function definedOf(choices: PreferencesChange): Partial<Preferences> {
  return Object.fromEntries(Object.entries(choices).filter(([, value]) => value !== undefined));
}
