import { z } from 'zod';

/** POST /api/demo/clock/skip: moves the marketplace's clock to the next slot that has a waiting push. */
export const skipResponse = z.object({ now: z.iso.datetime() });
