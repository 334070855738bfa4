import type { Page } from '@playwright/test';

export interface DemoCustomer {
  customerNo: string;
  name: string;
  language: string;
}

/** A phone, as My Page is made for. */
export const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

/** The demo's customers to act as, who read this language. */
export async function customersOf(page: Page, language: string): Promise<DemoCustomer[]> {
  const answer = await page.request.get('/api/demo/customers');
  const { customers } = (await answer.json()) as { customers: DemoCustomer[] };
  return customers.filter((one) => one.language === language);
}

/** Opens a page of My Page and acts as this customer there. */
export async function actAs(page: Page, customer: DemoCustomer | undefined, address = '/my/coupons'): Promise<void> {
  await page.goto(address);
  await page.getByRole('button', { name: customer?.name ?? 'nobody' }).click();
  await page.getByRole('button', { name: customer?.name ?? 'nobody' }).waitFor({ state: 'detached' });
}
