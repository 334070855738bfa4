import type { InvitationMade } from '@coupon-push/contract/people.ts';
import { Button, Group, Modal, Stack, Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CopyTextButton } from '../../ui/copy-text-button.tsx';
import { useFormat } from '../marketplace/use-format.ts';
import classes from './staff.module.css';

/** The e-mail is on its way; the link can also be handed over by other means. It is shown this once. */
export function LinkDialog({ made, onClose }: { made: InvitationMade; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Modal opened onClose={onClose} title={t('staff.invited')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <Stack gap="md">
        <p style={{ margin: 0 }}>{t('staff.invitedText', { email: made.invitation.email })}</p>
        <Textarea
          label={t('staff.link')}
          description={t('staff.linkText', { moment: format.moment(made.invitation.expiresAt) })}
          readOnly
          autosize
          classNames={{ input: classes.link ?? '' }}
          value={made.link}
          onFocus={(event) => event.currentTarget.select()}
        />
        <Group justify="flex-end" gap="xs">
          <CopyTextButton text={made.link} />
          <Button onClick={onClose}>{t('common.ok')}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
