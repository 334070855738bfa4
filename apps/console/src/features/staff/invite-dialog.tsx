import type { InvitationMade } from '@coupon-push/contract/people.ts';
import { Radio, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { problemOf } from '../../lib/http.ts';
import { useProblemText } from '../../lib/use-problem-text.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { ProblemBanner } from '../../ui/problem-banner.tsx';
import { invite } from './api/change-people.ts';
import classes from './staff.module.css';

interface InviteDialogProps {
  shopId: number;
  onInvited: (made: InvitationMade) => void;
  onClose: () => void;
}

/** Whom, and as what. */
export function InviteDialog({ shopId, onInvited, onClose }: InviteDialogProps) {
  const { t } = useTranslation();
  const { ofField } = useProblemText();
  const client = useQueryClient();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<'owner' | 'staff'>('staff');
  const send = useMutation({
    mutationFn: () => invite(shopId, { email: email.trim(), role }),
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: ['shops', shopId, 'people'] });
      onInvited(made);
    },
  });
  const field = send.isError ? problemOf(send.error).fields[0] : undefined;
  return (
    <ConfirmDialog
      opened
      title={t('staff.invite')}
      confirm={t('staff.sendInvitation')}
      busy={send.isPending}
      ready={email.trim() !== ''}
      onConfirm={() => send.mutate()}
      onClose={onClose}
    >
      {send.isError && field === undefined && <ProblemBanner error={send.error} />}
      <TextInput
        label={t('signIn.email')}
        type="email"
        autoComplete="off"
        maxLength={200}
        data-autofocus
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        error={field && ofField(field)}
      />
      <Radio.Group
        label={t('staff.roleLabel')}
        value={role}
        onChange={(value) => setRole(value === 'owner' ? 'owner' : 'staff')}
      >
        <div className={classes.roles}>
          <Radio value="staff" label={t('staff.role.staff')} description={t('staff.roleText.staff')} />
          <Radio value="owner" label={t('staff.role.owner')} description={t('staff.roleText.owner')} />
        </div>
      </Radio.Group>
    </ConfirmDialog>
  );
}
