import type { Member } from '@coupon-push/contract/people.ts';
import { Button, NativeSelect } from '@mantine/core';
import { IconShieldCheck, IconShieldOff } from '@tabler/icons-react';
import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { ProblemBanner } from '../../ui/problem-banner.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { dayOf } from '../marketplace/days.ts';
import { useFormat } from '../marketplace/use-format.ts';
import { meQuery } from '../session/api/get-me.ts';
import { changeRole, removeMember } from './api/change-people.ts';

type Change = { member: Member; to: 'owner' | 'staff' | 'removed' };

/** Who belongs to the shop; each change is asked about first, as it takes effect at once. */
export function MemberTable({ shopId, members }: { shopId: number; members: Member[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data: me } = useSuspenseQuery(meQuery);
  const [change, setChange] = useState<Change | null>(null);
  const lastOwner = members.filter(({ role }) => role === 'owner').length === 1;
  const stays = (member: Member) => lastOwner && member.role === 'owner';
  const columns: Column<Member>[] = [
    {
      key: 'name',
      label: t('account.name'),
      render: (member) => (
        <>
          {member.name} {member.userId === me.user.id && <span className="cp-note">{t('staff.you')}</span>}
        </>
      ),
    },
    { key: 'email', label: t('signIn.email'), render: (member) => member.email },
    {
      key: 'role',
      label: t('staff.roleLabel'),
      render: (member) => (
        <NativeSelect
          size="xs"
          w={132}
          aria-label={`${t('staff.roleLabel')}: ${member.name}`}
          disabled={stays(member)}
          value={member.role}
          onChange={(event) => setChange({ member, to: event.currentTarget.value === 'owner' ? 'owner' : 'staff' })}
          data={(['owner', 'staff'] as const).map((role) => ({ value: role, label: t(`staff.role.${role}`) }))}
        />
      ),
    },
    {
      key: 'twoFactor',
      label: t('twoFactor.title'),
      render: ({ twoFactor }) => (
        <StateMark
          tone={twoFactor ? 'good' : 'quiet'}
          icon={twoFactor ? IconShieldCheck : IconShieldOff}
          text={t(twoFactor ? 'twoFactor.isOn' : 'twoFactor.isOff')}
        />
      ),
    },
    {
      key: 'joined',
      label: t('staff.joinedAt'),
      render: (member) => format.day(dayOf(new Date(member.joinedAt), format.zone)),
    },
    {
      key: 'actions',
      label: <span className="cp-sr">{t('common.actions')}</span>,
      render: (member) =>
        stays(member) ? (
          <span className="cp-note">{t('staff.lastOwner')}</span>
        ) : (
          <Button
            variant="default"
            size="compact-sm"
            aria-label={`${t('staff.remove')}: ${member.name}`}
            onClick={() => setChange({ member, to: 'removed' })}
          >
            {t('staff.remove')}
          </Button>
        ),
    },
  ];
  return (
    <>
      <DataTable caption={t('staff.title')} columns={columns} rows={members} rowKey={(member) => member.userId} />
      {change !== null && <ChangeDialog shopId={shopId} change={change} onClose={() => setChange(null)} />}
    </>
  );
}

function ChangeDialog({ shopId, change, onClose }: { shopId: number; change: Change; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { data: me } = useSuspenseQuery(meQuery);
  const { member, to } = change;
  const self = member.userId === me.user.id;
  const act = useMutation({
    mutationFn: () => (to === 'removed' ? removeMember(shopId, member.userId) : changeRole(shopId, member.userId, to)),
    onSuccess: async () => {
      // Whoever changed their own place sees at once what is left of it.
      if (self) await client.fetchQuery({ ...meQuery, staleTime: 0 });
      if (self && to === 'removed') await navigate({ to: '/' });
      else await client.invalidateQueries({ queryKey: ['shops', shopId, 'people'] });
      onClose();
    },
  });
  return (
    <ConfirmDialog
      opened
      title={t(`staff.change.${to}.title`, { name: member.name })}
      confirm={t(`staff.change.${to}.confirm`)}
      busy={act.isPending}
      onConfirm={() => act.mutate()}
      onClose={onClose}
    >
      <p style={{ margin: 0 }}>{t(`staff.change.${to}.text`)}</p>
      {self && <p style={{ margin: 0 }}>{t('staff.change.self')}</p>}
      {act.isError && <ProblemBanner error={act.error} />}
    </ConfirmDialog>
  );
}
