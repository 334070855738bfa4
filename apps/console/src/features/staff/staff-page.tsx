import type { InvitationMade } from '@coupon-push/contract/people.ts';
import { Button, Title } from '@mantine/core';
import { IconLock, IconUserPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PageHead } from '../../ui/page-head.tsx';
import { EmptyState, ErrorState, ListSkeleton } from '../../ui/states.tsx';
import { useShop } from '../session/use-shop.ts';
import { peopleQuery } from './api/get-people.ts';
import { InvitationTable } from './invitation-table.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { LinkDialog } from './link-dialog.tsx';
import { MemberEvents } from './member-events.tsx';
import { MemberTable } from './member-table.tsx';
import classes from './staff.module.css';

const from = '/signed-in/shops/$shopId/staff';

/** The people of the shop: for its owners. */
export function StaffPage() {
  const { t } = useTranslation();
  const { shopId } = useParams({ from });
  const shop = useShop(shopId);
  if (shop.role !== 'owner') {
    return (
      <>
        <PageHead title={t('staff.title')} />
        <EmptyState icon={<IconLock />} title={t('staff.ownersOnlyTitle')} text={t('staff.ownersOnlyText')} />
      </>
    );
  }
  return <People shopId={shop.id} />;
}

function People({ shopId }: { shopId: number }) {
  const { t } = useTranslation();
  const people = useQuery(peopleQuery(shopId));
  const [inviting, setInviting] = useState(false);
  const [made, setMade] = useState<InvitationMade | null>(null);
  const invite = (
    <Button leftSection={<IconUserPlus size={16} />} onClick={() => setInviting(true)}>
      {t('staff.invite')}
    </Button>
  );
  return (
    <>
      <PageHead title={t('staff.title')} lead={t('staff.lead')} actions={invite} />
      {people.isPending && <ListSkeleton />}
      {people.isError && <ErrorState error={people.error} onRetry={() => void people.refetch()} />}
      {people.data !== undefined && (
        <div className={classes.page}>
          <MemberTable shopId={shopId} members={people.data.members} />
          {people.data.invitations.length > 0 && (
            <section aria-labelledby="staff-invitations">
              <Title order={2} id="staff-invitations">
                {t('staff.invitations')}
              </Title>
              <InvitationTable shopId={shopId} invitations={people.data.invitations} onMade={setMade} />
            </section>
          )}
          <MemberEvents events={people.data.events} />
        </div>
      )}
      {inviting && (
        <InviteDialog
          shopId={shopId}
          onClose={() => setInviting(false)}
          onInvited={(invitation) => {
            setInviting(false);
            setMade(invitation);
          }}
        />
      )}
      {made !== null && <LinkDialog made={made} onClose={() => setMade(null)} />}
    </>
  );
}
