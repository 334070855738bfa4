import { couponSchema } from '@coupon-push/contract/coupons.ts';
import { invitationMade, invitationView, memberList } from '@coupon-push/contract/people.ts';
import { meSchema } from '@coupon-push/contract/session.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestApi } from '../../../test/api.ts';
import { Browser } from '../../../test/browser.ts';
import { createMember, type TestShop } from '../../../test/marketplace.ts';
import { terms } from '../../../test/waiting-push.ts';

type Person = { email: string; userId: string };

let api: TestApi;
let shop: TestShop;
let other: TestShop;
let staff: Person;

beforeAll(async () => {
  api = await TestApi.create();
  other = await api.shop('よその店');
});
afterAll(() => api.close());
beforeEach(async () => {
  api.clock.freeze(new Date('2026-11-23T12:00:00+09:00'));
  shop = await api.shop('はなみどり');
  staff = await member('staff');
});

const member = (role: 'owner' | 'staff', of = shop) => createMember(api.database.db, [{ shopId: of.shopId, role }]);
const url = (path: string) => `/api/shops/${shop.shopId}/${path}`;
const people = async (by: Person = shop) => memberList.parse((await api.request(by, 'GET', url('members'))).body);
const setRole = (by: Person, of: Person, role: string) =>
  api.request(by, 'PATCH', url(`members/${of.userId}`), { body: { role } });
const remove = (by: Person, of: Person) => api.request(by, 'DELETE', url(`members/${of.userId}`));
const rolesOf = async () => (await people()).members.map(({ role }) => role).sort();

let invited = 0;
async function invite(more: { email?: string; role?: string } = {}, by: Person = shop) {
  invited += 1;
  const body = { email: `new${invited}@people.example.com`, role: 'staff', ...more };
  const answer = await api.request(by, 'POST', url('invitations'), { body });
  const { invitation, link } = invitationMade.parse(answer.body);
  return { invitation, token: link.replace('http://localhost:3000/join/', '') };
}
const account = { name: '高橋 健', password: 'a-password-of-my-own', language: 'ja' };
const accept = (token: string, body: object = { account }, by: Person | null = null) =>
  api.request(by, 'POST', `/api/invitations/${token}/accept`, { body });

describe('staff of a shop', () => {
  it('apply and look, but neither set up nor stop coupons', async () => {
    const create = (by: Person) => api.request(by, 'POST', url('coupons'), { body: terms });
    const refused = await create(staff);
    expect(refused.status).toBe(403);
    expect(refused.body).toMatchObject({ code: 'owner_only' });
    const coupon = couponSchema.parse((await create(shop)).body);
    const stop = (by: Person) => api.request(by, 'POST', url(`coupons/${coupon.id}/stop`));
    expect((await stop(staff)).body).toMatchObject({ code: 'owner_only' });
    expect((await api.request(staff, 'GET', url('coupons'))).status).toBe(200);
    expect((await stop(shop)).status).toBe(200);
  });

  it('manage nobody', async () => {
    const { invitation } = await invite();
    for (const [method, path, body] of [
      ['GET', 'members', undefined],
      ['PATCH', `members/${staff.userId}`, { role: 'owner' }],
      ['DELETE', `members/${shop.userId}`, undefined],
      ['POST', 'invitations', { email: 'friend@people.example.com', role: 'owner' }],
      ['POST', `invitations/${invitation.id}/renew`, undefined],
      ['DELETE', `invitations/${invitation.id}`, undefined],
    ] as const) {
      const answer = await api.request(staff, method, url(path), body ? { body } : {});
      expect([path, answer.status, answer.body]).toEqual([path, 403, expect.objectContaining({ code: 'owner_only' })]);
    }
  });
});

describe('the owner of a shop', () => {
  it('sees who belongs to it, changes a role and removes somebody; who did it when is kept', async () => {
    expect((await people()).members).toMatchObject([
      { userId: shop.userId, role: 'owner', twoFactor: false },
      { userId: staff.userId, role: 'staff' },
    ]);
    expect((await setRole(shop, staff, 'owner')).status).toBe(200);
    expect(await rolesOf()).toEqual(['owner', 'owner']);
    expect((await remove(shop, staff)).status).toBe(200);
    expect((await api.request(staff, 'GET', url('coupons'))).status).toBe(404);
    expect((await people()).events).toMatchObject([
      { kind: 'removed', email: staff.email, role: null, doneBy: 'はなみどりの店長' },
      { kind: 'role_changed', email: staff.email, role: 'owner', happenedAt: '2026-11-23T03:00:00.000Z' },
    ]);
  });

  it('is no owner of another shop', async () => {
    const stranger = other;
    expect((await api.request(stranger, 'GET', url('members'))).status).toBe(404);
    expect((await setRole(stranger, staff, 'owner')).status).toBe(404);
    expect((await remove(stranger, shop)).status).toBe(404);
    const { invitation } = await invite();
    expect((await api.request(stranger, 'DELETE', url(`invitations/${invitation.id}`))).status).toBe(404);
    const elsewhere = `/api/shops/${other.shopId}/invitations/${invitation.id}`;
    expect((await api.request(stranger, 'DELETE', elsewhere)).status).toBe(404);
    expect((await api.request(stranger, 'POST', `${elsewhere}/renew`)).status).toBe(404);
  });

  it('who is the last one stays owner and stays', async () => {
    expect((await setRole(shop, shop, 'staff')).body).toMatchObject({ code: 'last_owner' });
    expect((await remove(shop, shop)).body).toMatchObject({ code: 'last_owner' });
    expect(await rolesOf()).toEqual(['owner', 'staff']);
  });

  it('two who demote or remove each other at the same moment leave one', async () => {
    for (const act of [(by: Person, of: Person) => setRole(by, of, 'staff'), remove]) {
      const second = await member('owner');
      const answers = await Promise.all([act(shop, second), act(second, shop)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, expect.toSatisfy((code) => code >= 403)]);
      const rows = await api.database.db
        .selectFrom('shop_member')
        .where('shop_id', '=', shop.shopId)
        .where('role', '=', 'owner')
        .select('user_id')
        .execute();
      expect(rows).toHaveLength(1);
      shop = await api.shop('はなみどり');
    }
  });

  it('two who step down at the same moment leave one', async () => {
    const second = await member('owner');
    const answers = await Promise.all([setRole(shop, shop, 'staff'), setRole(second, second, 'staff')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('who is demoted while setting up a coupon either was in time or is refused', async () => {
    const second = await member('owner');
    const [created] = await Promise.all([
      api.request(second, 'POST', url('coupons'), { body: terms }),
      setRole(shop, second, 'staff'),
    ]);
    expect([200, 403]).toContain(created.status);
    expect((await api.request(second, 'POST', url('coupons'), { body: terms })).status).toBe(403);
  });
});

describe('an invitation', () => {
  it('lets somebody new make an account and join; they can sign in at once', async () => {
    const { invitation, token } = await invite({ email: 'Ken@People.example.com', role: 'staff' });
    expect(invitation).toMatchObject({ email: 'ken@people.example.com', mail: 'waiting', expired: false });
    const view = invitationView.parse((await api.request(null, 'GET', `/api/invitations/${token}`)).body);
    expect(view).toMatchObject({ shop: { name: 'はなみどり' }, role: 'staff', hasAccount: false });
    expect((await accept(token)).status).toBe(200);
    const browser = new Browser(api.server);
    const signedIn = await browser.post('/api/auth/sign-in/email', {
      email: 'ken@people.example.com',
      password: account.password,
    });
    expect(signedIn.statusCode).toBe(200);
    const me = meSchema.parse((await browser.get('/api/me')).json());
    expect(me).toMatchObject({ user: { name: '高橋 健' }, shops: [{ id: shop.shopId, role: 'staff' }] });
    const after = await people();
    expect(after.invitations).toEqual([]);
    expect(after.events).toMatchObject([{ kind: 'joined', email: 'ken@people.example.com' }, { kind: 'invited' }]);
  });

  it('lets somebody who is signed in join one more shop', async () => {
    const { token } = await invite({ email: other.email, role: 'owner' });
    const view = invitationView.parse((await api.request(null, 'GET', `/api/invitations/${token}`)).body);
    expect(view.hasAccount).toBe(true);
    expect((await accept(token, { account: null })).status).toBe(401);
    expect((await accept(token)).body).toMatchObject({ code: 'account_exists' });
    expect((await accept(token, { account: null }, other)).body).toEqual({ shopId: shop.shopId });
    const me = meSchema.parse((await api.request(other, 'GET', '/api/me')).body);
    expect(me.shops.map(({ id, role }) => [id, role])).toEqual([
      [other.shopId, 'owner'],
      [shop.shopId, 'owner'],
    ]);
  });

  it('is good once, however many open it at the same moment', async () => {
    const { token } = await invite();
    const strangers = await Promise.all([member('staff', other), member('staff', other)]);
    const answers = await Promise.all(strangers.map((one) => accept(token, { account: null }, one)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410]);
    expect((await accept(token)).body).toMatchObject({ code: 'invitation_used' });
    expect((await api.request(null, 'GET', `/api/invitations/${token}`)).body).toMatchObject({
      code: 'invitation_used',
    });
  });

  it('can be accepted for seven days', async () => {
    const { token } = await invite();
    api.clock.freeze(new Date('2026-11-30T11:59:59.999+09:00'));
    expect((await api.request(null, 'GET', `/api/invitations/${token}`)).status).toBe(200);
    api.clock.freeze(new Date('2026-11-30T12:00:00+09:00'));
    expect((await accept(token)).body).toMatchObject({ code: 'invitation_expired' });
    expect((await people()).invitations).toMatchObject([{ expired: true }]);
  });

  it('cannot be forged', async () => {
    await invite();
    for (const token of ['1', 'x'.repeat(43), '0'.repeat(64), '%00', "' or 1=1"]) {
      const answer = await accept(encodeURIComponent(token));
      expect([token, answer.body]).toEqual([token, expect.objectContaining({ code: 'invitation_invalid' })]);
    }
    const hashes = await api.database.db.selectFrom('shop_invitation_token').select('token_hash').execute();
    for (const { token_hash } of hashes) expect((await accept(token_hash)).status).toBe(404);
  });

  it('that was withdrawn, or renewed, or sent to the same address again, has no use for its old link', async () => {
    const { invitation, token } = await invite({ email: 'again@people.example.com' });
    const renewed = await api.request(shop, 'POST', url(`invitations/${invitation.id}/renew`));
    const { link } = invitationMade.parse(renewed.body);
    expect((await accept(token)).body).toMatchObject({ code: 'invitation_invalid' });
    const again = await invite({ email: 'again@people.example.com', role: 'owner' });
    expect(again.invitation).toMatchObject({ id: invitation.id, role: 'owner' });
    expect((await accept(link.split('/').at(-1) ?? '')).body).toMatchObject({ code: 'invitation_invalid' });
    expect((await api.request(shop, 'DELETE', url(`invitations/${invitation.id}`))).status).toBe(200);
    expect((await accept(again.token)).body).toMatchObject({ code: 'invitation_used' });
    expect((await people()).invitations).toEqual([]);
    expect((await api.request(shop, 'DELETE', url(`invitations/${invitation.id}`))).body).toMatchObject({
      code: 'invitation_used',
    });
  });

  it('is not sent to somebody who belongs to the shop, and does not change who accepts it as a member', async () => {
    const body = { email: staff.email.toUpperCase(), role: 'owner' };
    const answer = await api.request(shop, 'POST', url('invitations'), { body });
    expect(answer.body).toMatchObject({ code: 'already_member', fields: [{ field: 'email' }] });
    const { token } = await invite({ role: 'owner' });
    expect((await accept(token, { account: null }, staff)).body).toMatchObject({ code: 'already_member' });
    expect(await rolesOf()).toEqual(['owner', 'staff']);
    expect((await accept(token)).status).toBe(200);
  });

  it('asks for a password of ten characters', async () => {
    const { token } = await invite();
    const answer = await accept(token, { account: { ...account, password: 'short' } });
    expect(answer.body).toMatchObject({ fields: [{ field: 'account.password', code: 'too_small' }] });
  });
});

describe('one person in several shops', () => {
  it('has in each the role of that shop, and sees in each that shop alone', async () => {
    const person = await createMember(api.database.db, [
      { shopId: shop.shopId, role: 'owner' },
      { shopId: other.shopId, role: 'staff' },
    ]);
    const create = (of: TestShop) => api.request(person, 'POST', `/api/shops/${of.shopId}/coupons`, { body: terms });
    expect((await create(other)).status).toBe(403);
    const coupon = couponSchema.parse((await create(shop)).body);
    const across = await api.request(person, 'GET', `/api/shops/${other.shopId}/coupons/${coupon.id}`);
    expect(across.status).toBe(404);
  });
});

describe('a name that was made to look like something else', () => {
  it('is one line when it comes into an invitation’s e-mail', async () => {
    const { token } = await invite({ role: 'owner' });
    const name = 'Ken\r\n\r\nYour account is locked: https://evil.example\u202e\0';
    const joined = await api.server.inject({
      method: 'POST',
      url: `/api/invitations/${token}/accept`,
      payload: { account: { ...account, name } },
      remoteAddress: '10.9.9.9',
    });
    expect(joined.statusCode).toBe(200);
    const names = (await people()).members.map((member) => member.name);
    expect(names).toContain('Ken Your account is locked: https://evil.example');
  });

  it('of a member who cannot be is not found', async () => {
    expect((await api.request(shop, 'DELETE', url('members/a%00b'))).status).toBe(404);
  });
});

describe('the invitations of an owner', () => {
  it('end with the ownership: nobody who was removed or demoted comes back by their own link', async () => {
    for (const end of [(of: Person) => setRole(shop, of, 'staff'), (of: Person) => remove(shop, of)]) {
      const second = await member('owner');
      const { invitation } = await invite({ role: 'owner' }, second);
      const { invitation: kept } = await invite();
      expect((await end(second)).status).toBe(200);
      const after = await people();
      expect(after.invitations).not.toContainEqual(expect.objectContaining({ email: invitation.email }));
      expect(after.invitations).toContainEqual(expect.objectContaining({ email: kept.email }));
      expect(after.events).toContainEqual(
        expect.objectContaining({ kind: 'withdrawn', email: invitation.email, doneBy: 'はなみどりの店長' }),
      );
    }
  });

  it('are fifty a day at most, so that no shop writes to strangers in the marketplace’s name', async () => {
    const { invitation } = await invite();
    const again = () => api.request(shop, 'POST', url(`invitations/${invitation.id}/renew`));
    for (let sent = 1; sent < 50; sent += 1) expect((await again()).status).toBe(200);
    expect((await again()).body).toMatchObject({ code: 'too_many_invitations', params: { max: 50 } });
    const body = { email: 'one-more@people.example.com', role: 'staff' };
    expect((await api.request(shop, 'POST', url('invitations'), { body })).status).toBe(429);
    api.clock.freeze(new Date('2026-11-24T12:00:00+09:00'));
    expect((await again()).status).toBe(200);
  });
});
