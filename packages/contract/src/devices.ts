import { z } from 'zod';
import { idParam, idSchema, instantSchema } from './common.ts';

// The devices that a customer gets app pushes on. The marketplace's own systems register them, with an API key; on My Page
// customers do so themselves.

/** What a native app got from FCM. */
const fcmDevice = z.object({ transport: z.literal('fcm'), token: z.string().regex(/^[\w:.-]{1,1000}$/) });

/** What a browser (`PushSubscription.toJSON()`) or a UnifiedPush app got from its push service. */
export const webPushDevice = z.object({
  transport: z.literal('web_push'),
  /** https, on the public internet. */
  endpoint: z.string().min(1).max(2000),
  /** base64url: a point of P-256 of 65 bytes, and 16 bytes. */
  keys: z.object({ p256dh: z.string().max(100), auth: z.string().max(40) }),
  /** The key that it subscribed with, as far as that is known: a subscription with an older one cannot be reached. */
  applicationServerKey: z.string().max(100).optional(),
});

/** PUT /api/customers/:customerNo/devices. An app sends it at each of its starts: a device that is known stays the same. */
export const deviceRequest = z.discriminatedUnion('transport', [fcmDevice, webPushDevice]);
export type DeviceRequest = z.infer<typeof deviceRequest>;

export const deviceSchema = z.object({
  deviceId: idSchema,
  transport: z.enum(['fcm', 'web_push']),
  /** The push service's host; null for FCM. */
  service: z.string().nullable(),
  registeredAt: instantSchema,
  /** When its app last registered it. */
  confirmedAt: instantSchema,
});
export type Device = z.infer<typeof deviceSchema>;

/** GET /api/customers/:customerNo/devices, the newest confirmation first. */
export const devicesResponse = z.object({ devices: z.array(deviceSchema) });

export const customerParams = z.object({ customerNo: z.string().regex(/^\P{Cc}{1,64}$/u) });
/** DELETE /api/customers/:customerNo/devices/:deviceId. Said again, it answers the same. */
export const deviceParams = customerParams.extend({ deviceId: idParam });

/** GET /api/web-push-key: what browsers and UnifiedPush apps subscribe with, base64url (applicationServerKey). */
export const webPushKeyResponse = z.object({ publicKey: z.string() });
