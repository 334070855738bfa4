import type { SignedInCustomer } from '@coupon-push/contract/customer-sessions.ts';
import { languageNames } from '@coupon-push/i18n/languages.ts';
import useSWR from 'swr';
import { request } from '../../lib/http.ts';
import { useText } from '../../lib/i18n.ts';
import { useAction } from '../../lib/use-action.ts';
import { ErrorState, ListSkeleton, Refusal } from '../../ui/states.tsx';
import classes from './sign-in-page.module.css';
import { sessionChanged } from './use-session.ts';

type DemoCustomer = SignedInCustomer & { usableCoupons: number; shops: number };

/** The demo has no marketplace to sign in at: whom to act as. */
export function ActAsList() {
  const { t } = useText();
  const { data, error, mutate } = useSWR<{ customers: DemoCustomer[] }>('/api/demo/customers');
  const actAs = useAction(async (customerNo: string) => {
    await request('/api/demo/act-as', 'POST', { customerNo });
    await sessionChanged();
  });
  return (
    <section className={classes.demo} aria-labelledby="act-as">
      <h2 id="act-as">{t('signIn.demoTitle')}</h2>
      <p className="note">{t('signIn.demoText')}</p>
      <Refusal error={actAs.refusal} />
      {error !== undefined && data === undefined && <ErrorState error={error} onRetry={() => void mutate()} />}
      {error === undefined && data === undefined && <ListSkeleton />}
      <ul className={classes.customers}>
        {data?.customers.map((one) => (
          <li key={one.customerNo}>
            <button type="button" className={classes.customer} onClick={() => void actAs.run(one.customerNo)}>
              <span lang={one.language}>{one.name ?? one.customerNo}</span>
              <span className={classes.language}>{languageNames[one.language]}</span>
              <span className="note">
                {t('signIn.demoCoupons', { count: one.usableCoupons })} · {t('signIn.demoShops', { count: one.shops })}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
