import { Title } from '@mantine/core';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Fact, FactList } from '../../ui/fact-list.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { meQuery } from '../session/api/get-me.ts';
import classes from './account.module.css';
import { PasswordForm } from './password-form.tsx';
import { TwoFactor } from './two-factor.tsx';

/** One's own account: who one is, the password, two-factor authentication. */
export function AccountPage() {
  const { t } = useTranslation();
  const { data: me } = useSuspenseQuery(meQuery);
  return (
    <>
      <PageHead title={t('account.title')} />
      <div className={classes.page}>
        <section className={classes.section}>
          <FactList>
            <Fact label={t('account.name')}>{me.user.name}</Fact>
            <Fact label={t('signIn.email')}>{me.user.email}</Fact>
            {me.shops.length > 0 && (
              <Fact label={t('account.shops')}>
                {me.shops.map((shop) => (
                  <div key={shop.id}>
                    {shop.name} <span className="cp-note">({t(`staff.role.${shop.role}`)})</span>
                  </div>
                ))}
              </Fact>
            )}
          </FactList>
        </section>
        <section className={classes.section} aria-labelledby="account-password">
          <Title order={2} id="account-password">
            {t('account.password')}
          </Title>
          <PasswordForm />
        </section>
        <section className={classes.section} aria-labelledby="account-two-factor">
          <Title order={2} id="account-two-factor">
            {t('twoFactor.title')}
          </Title>
          <TwoFactor />
        </section>
      </div>
    </>
  );
}
