export { default as console } from '@coupon-push/i18n/en/console.json';
export { default as errors } from '@coupon-push/i18n/en/errors.json';
