import type { Invitation, InvitationMade } from '@coupon-push/contract/people.ts';
import { Button, Group } from '@mantine/core';
import { IconAlertTriangle, IconClock, IconMailCheck, IconMailForward } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { ProblemBanner } from '../../ui/problem-banner.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { useFormat } from '../marketplace/use-format.ts';
import { renewInvitation, withdrawInvitation } from './api/change-people.ts';

interface InvitationTableProps {
  shopId: number;
  invitations: Invitation[];
  onMade: (made: InvitationMade) => void;
}

const marks = {
  waiting: { tone: 'info', icon: IconMailForward },
  sent: { tone: 'good', icon: IconMailCheck },
  failed: { tone: 'bad', icon: IconAlertTriangle },
  expired: { tone: 'quiet', icon: IconClock },
} as const;

/** Who was invited and has not come yet. */
export function InvitationTable({ shopId, invitations, onMade }: InvitationTableProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: ['shops', shopId, 'people'] });
  const renew = useMutation({
    mutationFn: (id: number) => renewInvitation(shopId, id),
    onSuccess: onMade,
    onSettled: refresh,
  });
  const withdraw = useMutation({ mutationFn: (id: number) => withdrawInvitation(shopId, id), onSettled: refresh });
  const problem = renew.error ?? withdraw.error;
  const columns: Column<Invitation>[] = [
    { key: 'email', label: t('signIn.email'), render: (invitation) => invitation.email },
    { key: 'role', label: t('staff.roleLabel'), render: ({ role }) => t(`staff.role.${role}`) },
    { key: 'by', label: t('staff.invitedBy'), render: ({ invitedBy }) => invitedBy },
    { key: 'until', label: t('staff.until'), render: ({ expiresAt }) => format.moment(expiresAt) },
    {
      key: 'state',
      label: t('coupon.stateLabel'),
      render: (invitation) => {
        const state = invitation.expired ? 'expired' : invitation.mail;
        return <StateMark {...marks[state]} text={t(`staff.mail.${state}`)} />;
      },
    },
    {
      key: 'actions',
      label: <span className="cp-sr">{t('common.actions')}</span>,
      render: ({ id, email }) => (
        <Group gap="xs" wrap="nowrap">
          <Button
            variant="default"
            size="compact-sm"
            aria-label={`${t('staff.renew')}: ${email}`}
            loading={renew.isPending && renew.variables === id}
            onClick={() => renew.mutate(id)}
          >
            {t('staff.renew')}
          </Button>
          <Button
            variant="default"
            size="compact-sm"
            aria-label={`${t('staff.withdraw')}: ${email}`}
            loading={withdraw.isPending && withdraw.variables === id}
            onClick={() => withdraw.mutate(id)}
          >
            {t('staff.withdraw')}
          </Button>
        </Group>
      ),
    },
  ];
  return (
    <>
      {problem !== null && <ProblemBanner error={problem} />}
      <DataTable caption={t('staff.invitations')} columns={columns} rows={invitations} rowKey={({ id }) => id} />
    </>
  );
}
