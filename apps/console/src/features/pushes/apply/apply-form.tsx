import type { FieldError } from '@coupon-push/contract/problem.ts';
import type { Push } from '@coupon-push/contract/pushes.ts';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { problemOf } from '../../../lib/http.ts';
import { useProblemText } from '../../../lib/use-problem-text.ts';
import { focusField } from '../../../ui/form-row.tsx';
import { PageHead } from '../../../ui/page-head.tsx';
import { ErrorState } from '../../../ui/states.tsx';
import { uploadQuery } from '../../compensation/api/get-upload.ts';
import { everybody } from '../../compensation/rules.ts';
import { couponQuery } from '../../coupons/api/get-coupon.ts';
import { couponsQuery } from '../../coupons/api/get-coupons.ts';
import { marketplaceQuery } from '../../marketplace/api/get-marketplace.ts';
import { PreviewDrawer } from '../../previews/preview-drawer.tsx';
import { PreviewPanel } from '../../previews/preview-panel.tsx';
import { slotsQuery } from '../../slots/api/get-slots.ts';
import { ActionBar } from './action-bar.tsx';
import classes from './apply.module.css';
import { type Apply, ApplyContext } from './apply-context.ts';
import { DraftNote, ElsewhereNote } from './draft-note.tsx';
import { FilterRow, SendToRow } from './row-audience.tsx';
import { BannerRow } from './row-banner.tsx';
import { CouponRow } from './row-coupon.tsx';
import { ItemsRow } from './row-items.tsx';
import { RecipientsRow } from './row-recipients.tsx';
import { ReminderRow } from './row-reminder.tsx';
import { SlotRow } from './row-slot.tsx';
import { TypeRow } from './row-type.tsx';
import { UploadRow } from './row-upload.tsx';
import { blockersOf, chosenSlot, previewOf, type Row, rowOfField, rowOfRefusal, rows } from './rules.ts';
import { SummaryDialog } from './summary-dialog.tsx';
import { useDraft } from './use-draft.ts';
import { useOfferedSlot } from './use-offered-slot.ts';
import type { ApplyValues } from './values.ts';

interface ApplyFormProps {
  shop: { id: number; name: string };
  onApplied: (push: Push) => void;
}

export function ApplyForm({ shop, onApplied }: ApplyFormProps) {
  const { t } = useTranslation();
  const { ofField } = useProblemText();
  const { data: marketplace } = useSuspenseQuery(marketplaceQuery);
  const linked = useLinked(shop.id);
  const draft = useDraft(shop.id, linked);
  const { form } = draft;
  const values = form.watch();
  const coupon = useChosenCoupon(shop.id, values.couponId);
  const upload = useUpload(shop.id, values);
  const slots = useQuery(slotsQuery(shop.id));
  const moved = useOfferedSlot(form, slots.data);
  const [attempted, setAttempted] = useState(false);
  const [refused, setRefused] = useState<FieldError[]>([]);
  const [refusal, setRefusal] = useState<unknown>(null);
  const [dialog, setDialog] = useState<'summary' | 'preview' | null>(null);

  const blockers = slots.data === undefined ? [] : blockersOf(values, { coupon, slots: slots.data, upload });
  const slot = slots.data === undefined ? null : chosenSlot(values, slots.data);
  const defaultCount = marketplace.bestItems.default;
  const preview = previewOf(values, defaultCount);

  const apply: Apply = {
    shop,
    marketplace,
    values,
    coupon,
    slots: slots.data,
    upload,
    change: (change) => {
      setRefused([]);
      draft.change(change);
    },
    errorOf: (row) => {
      const field = refused.find((error) => rowOfField(error.field) === row);
      if (field !== undefined) return ofField(field);
      const blocker = attempted ? blockers.find((one) => one.row === row) : undefined;
      return blocker === undefined ? undefined : t(`apply.blocked.${blocker.code}`);
    },
  };

  const jump = (row: Row) => {
    setAttempted(true);
    // After the messages are on the page, so that the focus lands on what is marked.
    setTimeout(() => focusField(row));
  };

  const startOver = () => {
    setAttempted(false);
    setRefused([]);
    setRefusal(null);
    setTimeout(() => focusField('type'));
  };

  const onRefused = (error: unknown) => {
    const { code, fields } = problemOf(error);
    setDialog(null);
    setRefused(fields);
    setRefusal(error);
    void slots.refetch();
    // The first of them as the form has them, whatever order the server looked in.
    const row = rows.find((one) => fields.some(({ field }) => rowOfField(field) === one)) ?? rowOfRefusal(code);
    if (row !== null) setTimeout(() => focusField(row), 50);
  };

  return (
    <ApplyContext value={apply}>
      <PageHead title={t('apply.title')} actions={<DraftNote draft={draft} onDiscarded={startOver} />} />
      {draft.elsewhere !== null && (
        <ElsewhereNote shopId={shop.id} elsewhere={draft.elsewhere} onClose={draft.forgetElsewhere} />
      )}
      <div className={classes.page}>
        <div className={classes.form}>
          <TypeRow />
          <CouponRow />
          <ItemsRow />
          {values.type === 'compensation' ? (
            <>
              <UploadRow />
              <RecipientsRow />
            </>
          ) : (
            <>
              <SendToRow />
              <FilterRow />
            </>
          )}
          {slots.isError && slots.data === undefined ? (
            <ErrorState error={slots.error} onRetry={() => void slots.refetch()} />
          ) : (
            <SlotRow moved={moved} />
          )}
          <ReminderRow />
          <BannerRow />
        </div>
        <aside className={classes.aside} aria-label={t('preview.title')}>
          <PreviewPanel shopId={shop.id} request={preview} />
        </aside>
      </div>
      <ActionBar
        slot={slot}
        blockers={blockers}
        refusal={refusal}
        ready={slots.data !== undefined && (values.type === 'promotion' || values.uploadId === null || upload !== null)}
        onJump={jump}
        onPreview={() => setDialog('preview')}
        onApply={() => {
          setRefusal(null);
          const [first] = blockers;
          if (first !== undefined) jump(first.row);
          else setDialog('summary');
        }}
      />
      {dialog === 'summary' && slot !== null && coupon !== null && (
        <SummaryDialog
          slot={slot}
          coupon={coupon}
          onRefused={onRefused}
          onClose={() => setDialog(null)}
          onApplied={(push) => {
            draft.applied(push.id);
            onApplied(push);
          }}
        />
      )}
      <PreviewDrawer opened={dialog === 'preview'} onClose={() => setDialog(null)} shopId={shop.id} request={preview} />
    </ApplyContext>
  );
}

/** The coupon or the orders that a link chose; taken over into the draft once and then out of the URL. */
function useLinked(shopId: number): Partial<ApplyValues> {
  const { coupon, upload } = useSearch({ from: '/signed-in/shops/$shopId/push' });
  const [linked] = useState<Partial<ApplyValues>>(() => ({
    ...(coupon === undefined ? {} : { couponId: coupon }),
    ...(upload === undefined ? {} : { type: 'compensation', uploadId: upload, selection: everybody }),
  }));
  const navigate = useNavigate();
  useEffect(() => {
    if (coupon === undefined && upload === undefined) return;
    void navigate({ to: '/shops/$shopId/push', params: { shopId: String(shopId) }, search: {}, replace: true });
  }, [coupon, upload, navigate, shopId]);
  return linked;
}

/** The upload of a compensation; null while it is not known, 'gone' when the server has forgotten it. */
function useUpload(shopId: number, { type, uploadId }: ApplyValues): Apply['upload'] {
  const upload = useQuery({
    ...uploadQuery(shopId, uploadId ?? ''),
    enabled: type === 'compensation' && uploadId !== null,
  });
  if (upload.isError && problemOf(upload.error).code === 'upload_not_found') return 'gone';
  return upload.data ?? null;
}

/** The chosen coupon out of the list, or by itself when it is not (or no longer) among the active ones. */
function useChosenCoupon(shopId: number, couponId: number | null) {
  const list = useQuery(couponsQuery(shopId, { state: 'active', limit: 100 }));
  const listed = useMemo(() => list.data?.entries.find(({ id }) => id === couponId), [list.data, couponId]);
  const alone = useQuery({
    ...couponQuery(shopId, couponId ?? 0),
    enabled: couponId !== null && list.isSuccess && listed === undefined,
  });
  return listed ?? (couponId === null ? null : (alone.data ?? null));
}
