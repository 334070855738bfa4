import type { PushSummary } from '@coupon-push/contract/pushes.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx';
import { useTermsText } from '../../coupons/use-terms-text.ts';
import { useFormat } from '../../marketplace/use-format.ts';
import { cancelPush } from '../api/cancel-push.ts';
import classes from './history.module.css';

export interface CancelOutcome {
  id: number;
  /** null: cancelled. */
  error: unknown;
}

interface CancelDialogProps {
  shop: { id: number };
  pushes: Pick<PushSummary, 'id' | 'couponId' | 'slot' | 'terms'>[];
  onDone: (outcomes: CancelOutcome[]) => void;
  onClose: () => void;
}

/** Asks before cancelling; then cancels one after the other and tells what became of each. */
export function CancelDialog({ shop, pushes, onDone, onClose }: CancelDialogProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const text = useTermsText();
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: async () => {
      const outcomes: CancelOutcome[] = [];
      for (const { id } of pushes) {
        const error = await cancelPush(shop.id, id).then(
          () => null,
          (reason: unknown) => reason,
        );
        outcomes.push({ id, error });
      }
      return outcomes;
    },
    onSuccess: async (outcomes) => {
      await client.invalidateQueries({ queryKey: ['shops', shop.id] });
      onDone(outcomes);
    },
  });
  return (
    <ConfirmDialog
      opened
      title={t('cancel.title')}
      confirm={t('history.cancel')}
      busy={cancel.isPending}
      onConfirm={() => cancel.mutate()}
      onClose={onClose}
    >
      <ul className={classes.list}>
        {pushes.map((push) => (
          <li key={push.id}>
            {t('cancel.one', { id: push.id, coupon: push.couponId, slot: format.moment(push.slot) })} (
            {text.discount(push.terms)})
          </li>
        ))}
      </ul>
      <p style={{ margin: 0 }}>{t('cancel.text')}</p>
    </ConfirmDialog>
  );
}
