/** What a page says to the service worker that does not control it yet. */
export const claimMessage = 'claim';
