import type { InvitationView } from '@coupon-push/contract/people.ts';
import { Anchor, Button, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useParams, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../../lib/use-title.ts';
import { ProblemBanner } from '../../ui/problem-banner.tsx';
import { ListSkeleton } from '../../ui/states.tsx';
import { marketplaceQuery } from '../marketplace/api/get-marketplace.ts';
import { useFormat } from '../marketplace/use-format.ts';
import { meQuery } from '../session/api/get-me.ts';
import { LanguageSelect } from '../session/language-select.tsx';
import { SignInForm } from '../session/sign-in-form.tsx';
import { acceptInvitation } from './api/accept-invitation.ts';
import { invitationQuery } from './api/get-invitation.ts';
import { NewAccountForm } from './new-account-form.tsx';
import classes from './staff.module.css';

/** Where the link of an invitation leads: join as who is signed in, sign in, or make an account. */
export function JoinPage() {
  const { t } = useTranslation();
  const { token } = useParams({ from: '/join/$token' });
  const { data: marketplace } = useSuspenseQuery(marketplaceQuery);
  const invitation = useQuery(invitationQuery(token));
  useTitle(t('join.title'));
  return (
    <main className={classes.join}>
      <div className={classes.joinHead}>
        <div>
          <p className="cp-note">{marketplace.name}</p>
          <Title order={1}>
            {invitation.data === undefined ? t('join.title') : t('join.to', { shop: invitation.data.shop.name })}
          </Title>
        </div>
        <LanguageSelect />
      </div>
      <div className={classes.card}>
        {invitation.isPending && <ListSkeleton rows={3} />}
        {invitation.isError && (
          <>
            <ProblemBanner error={invitation.error} />
            <Anchor href="/">{t('missing.home')}</Anchor>
          </>
        )}
        {invitation.data !== undefined && <Ways token={token} invitation={invitation.data} />}
      </div>
    </main>
  );
}

/** The ways in: as who is signed in, as who signs in now, as somebody new. */
function Ways({ token, invitation }: { token: string; invitation: InvitationView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const router = useRouter();
  const me = useQuery({ ...meQuery, retry: false });
  const [way, setWay] = useState<'sign-in' | 'new'>(invitation.hasAccount ? 'sign-in' : 'new');

  const enter = async (shopId: number) => {
    client.removeQueries({ predicate: (query) => query.queryKey[0] !== 'marketplace' });
    await client.fetchQuery(meQuery);
    router.history.push(`/shops/${shopId}`);
  };
  const join = useMutation({ mutationFn: () => acceptInvitation(token, { account: null }), onSuccess: enter });

  const lead = (
    <div>
      <p style={{ margin: 0 }}>
        {t('join.lead', {
          by: invitation.invitedBy,
          shop: invitation.shop.name,
          role: t(`staff.role.${invitation.role}`),
        })}
      </p>
      <p className="cp-note">{t('join.until', { moment: format.moment(invitation.expiresAt) })}</p>
    </div>
  );
  if (me.isPending) return <ListSkeleton rows={3} />;
  if (me.data !== undefined) {
    return (
      <>
        {lead}
        {join.isError && <ProblemBanner error={join.error} />}
        <Button loading={join.isPending} onClick={() => join.mutate()}>
          {t('join.as', { name: me.data.user.name })}
        </Button>
        <p className="cp-note">
          {me.data.user.email}
          {me.data.user.email !== invitation.email && ` – ${t('join.otherAddress', { email: invitation.email })}`}
        </p>
      </>
    );
  }
  return (
    <>
      {lead}
      {way === 'new' ? (
        <NewAccountForm token={token} invitation={invitation} onJoined={enter} />
      ) : (
        <SignInForm
          email={invitation.hasAccount ? invitation.email : ''}
          offerDemo={false}
          onSignedIn={async () => {
            await me.refetch();
          }}
        />
      )}
      {!invitation.hasAccount && (
        <Anchor component="button" type="button" size="sm" onClick={() => setWay(way === 'new' ? 'sign-in' : 'new')}>
          {t(way === 'new' ? 'join.haveAccount' : 'join.noAccount')}
        </Anchor>
      )}
    </>
  );
}
