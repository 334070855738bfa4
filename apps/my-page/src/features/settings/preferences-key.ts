export const preferencesKey = '/api/my/preferences';
