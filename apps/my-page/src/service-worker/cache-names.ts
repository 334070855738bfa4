/** Answers of the API: one customer's, gone when the session ends or is another customer's. */
export const answersCache = 'answers-1';
/** Pictures of items and banners. */
export const picturesCache = 'pictures-1';
/** On an answer that was kept from an earlier time. */
export const keptHeader = 'x-kept';
