export const languages = ['ja', 'ko', 'en'] as const;
export type Language = (typeof languages)[number];
