/**
 * What differs per recipient stands in a rendered message as a placeholder between two private-use characters. Content
 * cannot contain these (cleanContent), so no shop or item name is ever taken for one.
 */
export const tokenPlaceholder = '\ue000token\ue001';

/** Stands for the token in previews and test e-mails; nobody is unsubscribed by it. */
export const sampleToken = 'preview';

/** The link by which a recipient refuses shop coupon mail. */
export function refuseUrl(publicUrl: string): string {
  return `${publicUrl}/u/${tokenPlaceholder}`;
}

export function fillToken(text: string, token: string): string {
  return text.replaceAll(tokenPlaceholder, token);
}
