import type { Preferences } from '@coupon-push/contract/my-page.ts';
import { useEffect, useState } from 'react';
import useSWR, { mutate } from 'swr';
import { useText } from '../../lib/i18n.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { preferencesKey } from '../settings/preferences-key.ts';
import classes from '../settings/settings.module.css';
import { type PushState, pushState, turnOffHere, turnOnHere } from './subscription.ts';

/** Notifications on this device: a clear question first, and the browser's own only after a yes. */
export function AppPushPanel() {
  const { t } = useText();
  const [state, setState] = useState<PushState>();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  const { data: preferences } = useSWR<Preferences>(preferencesKey);
  useEffect(() => {
    void pushState().then(setState);
  }, []);
  const carryOut = async (act: () => Promise<unknown>) => {
    setBusy(true);
    setFailed(false);
    try {
      await act();
      await mutate(preferencesKey);
    } catch {
      setFailed(true);
    }
    setState(await pushState());
    setAsking(false);
    setBusy(false);
  };
  const refused = preferences !== undefined && !preferences.appPush;
  return (
    <section className={classes.section} aria-labelledby="app-push">
      <h2 id="app-push">{t('push.title')}</h2>
      {state !== undefined && <p>{t(state === 'on' && refused ? 'push.onButRefused' : `push.${state}`)}</p>}
      {state === 'off' && (
        <button type="button" className="button" disabled={busy} onClick={() => setAsking(true)}>
          {t('push.turnOn')}
        </button>
      )}
      {state === 'on' && (
        <button type="button" className="button" disabled={busy} onClick={() => void carryOut(turnOffHere)}>
          {t('push.turnOff')}
        </button>
      )}
      <p role="alert" className={classes.warn}>
        {failed && t('push.failed')}
      </p>
      {asking && (
        <Confirm
          question={t('push.question')}
          text={t('push.questionText')}
          action={t('push.accept')}
          busy={busy}
          onAct={() => void carryOut(turnOnHere)}
          onClose={() => setAsking(false)}
        />
      )}
    </section>
  );
}
