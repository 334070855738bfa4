import { Title } from '@mantine/core';
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { chosenLanguage, showLanguage } from '../../lib/i18n.ts';
import { useTitle } from '../../lib/use-title.ts';
import { marketplaceQuery } from '../marketplace/api/get-marketplace.ts';
import { meQuery } from './api/get-me.ts';
import { LanguageSelect } from './language-select.tsx';
import classes from './sign-in.module.css';
import { SignInForm } from './sign-in-form.tsx';

export function SignInPage() {
  const { t } = useTranslation();
  const { data: marketplace } = useSuspenseQuery(marketplaceQuery);
  const { next } = useSearch({ from: '/sign-in' });
  const router = useRouter();
  const client = useQueryClient();
  useTitle(t('signIn.title'));

  const onSignedIn = async () => {
    client.removeQueries({ predicate: (query) => query.queryKey[0] !== 'marketplace' });
    const me = await client.fetchQuery(meQuery);
    if (chosenLanguage() === null) await showLanguage(me.user.language);
    router.history.push(next ?? '/');
  };

  return (
    <main className={classes.page}>
      <div className={classes.head}>
        <div>
          <p className="cp-note">{marketplace.name}</p>
          <Title order={1}>{t('signIn.title')}</Title>
        </div>
        <LanguageSelect />
      </div>
      <div className={classes.card}>
        <SignInForm onSignedIn={onSignedIn} />
      </div>
    </main>
  );
}
