import type { Push } from '@coupon-push/contract/pushes.ts';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useShop } from '../../session/use-shop.ts';
import { AppliedNotice } from './applied-notice.tsx';
import { ApplyForm } from './apply-form.tsx';

const from = '/signed-in/shops/$shopId/push';

/** Apply for a coupon push; after success, the push's number and where to follow it. */
export function ApplyPage() {
  const { shopId } = useParams({ from });
  const shop = useShop(shopId);
  const [applied, setApplied] = useState<{ shopId: number; push: Push } | null>(null);
  if (applied !== null && applied.shopId === shop.id) {
    return <AppliedNotice shopId={shopId} push={applied.push} onAgain={() => setApplied(null)} />;
  }
  // The key gives every shop a form, and so a draft, of its own.
  return <ApplyForm key={shop.id} shop={shop} onApplied={(push) => setApplied({ shopId: shop.id, push })} />;
}
