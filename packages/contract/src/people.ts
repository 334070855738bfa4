import { z } from 'zod';
import { idParam, idSchema, instantSchema, languageSchema, lineSchema } from './common.ts';

/** owner: everything. staff: everything but the terms of coupons and the people of the shop. */
export const shopRoles = ['owner', 'staff'] as const;
export const shopRoleSchema = z.enum(shopRoles);
export type ShopRole = z.infer<typeof shopRoleSchema>;

const email = z.email().max(200);
const name = lineSchema(100);

export const memberSchema = z.object({
  userId: z.string(),
  name: z.string(),
  email: z.string(),
  role: shopRoleSchema,
  joinedAt: instantSchema,
  /** Signs in with a second factor. */
  twoFactor: z.boolean(),
});
export type Member = z.infer<typeof memberSchema>;

/** An invitation that can still be accepted, or has just run out. */
export const invitationSchema = z.object({
  id: idSchema,
  email: z.string(),
  role: shopRoleSchema,
  invitedBy: z.string(),
  invitedAt: instantSchema,
  expiresAt: instantSchema,
  expired: z.boolean(),
  mail: z.enum(['waiting', 'sent', 'failed']),
});
export type Invitation = z.infer<typeof invitationSchema>;

export const memberEventKinds = ['invited', 'withdrawn', 'joined', 'role_changed', 'removed'] as const;
export const memberEventSchema = z.object({
  id: idSchema,
  kind: z.enum(memberEventKinds),
  email: z.string(),
  /** After the change. */
  role: shopRoleSchema.nullable(),
  doneBy: z.string(),
  happenedAt: instantSchema,
});
export type MemberEvent = z.infer<typeof memberEventSchema>;

/** GET /api/shops/:shopId/members: for owners. `events`: the newest acts, newest first. */
export const memberList = z.object({
  members: z.array(memberSchema),
  invitations: z.array(invitationSchema),
  events: z.array(memberEventSchema),
});
export type MemberList = z.infer<typeof memberList>;

/** PATCH, DELETE /api/shops/:shopId/members/:userId */
export const memberParams = z.object({ shopId: idParam, userId: lineSchema(100) });
export const memberChange = z.object({ role: shopRoleSchema });

/** POST /api/shops/:shopId/invitations */
export const invitationCreate = z.object({ email, role: shopRoleSchema });
export type InvitationCreate = z.infer<typeof invitationCreate>;

/** The link is shown once: only its hash is kept. */
export const invitationMade = z.object({ invitation: invitationSchema, link: z.string() });
export type InvitationMade = z.infer<typeof invitationMade>;

/** POST .../invitations/:invitationId/renew: another e-mail and another link, for seven days from now; DELETE: withdraws it. */
export const invitationParams = z.object({ shopId: idParam, invitationId: idParam });

/** GET /api/invitations/:token, POST .../accept: for whoever has the link. */
export const tokenParams = z.object({ token: z.string().min(1).max(100) });
export const invitationView = z.object({
  shop: z.object({ id: idSchema, name: z.string() }),
  email: z.string(),
  role: shopRoleSchema,
  invitedBy: z.string(),
  expiresAt: instantSchema,
  language: languageSchema,
  /** Somebody with this e-mail has an account already and signs in instead of making one. */
  hasAccount: z.boolean(),
});
export type InvitationView = z.infer<typeof invitationView>;

/** The account to make; nothing for somebody who is signed in. */
export const invitationAccept = z.object({
  account: z.object({ name, password: z.string().min(10).max(128), language: languageSchema }).nullable(),
});
export type InvitationAccept = z.infer<typeof invitationAccept>;
export const invitationAccepted = z.object({ shopId: idSchema });
