export { default as console } from '@coupon-push/i18n/ko/console.json';
export { default as errors } from '@coupon-push/i18n/ko/errors.json';
