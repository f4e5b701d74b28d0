import type { Command } from 'commander'
import { kinds } from '../act/kinds.ts'
import { actOnOne } from '../act/one.ts'
import type { Context } from '../context.ts'
import { addGroup, addLeaf, choice, option, type Tree } from '../leaf.ts'
import { list, type Paging, paging } from '../list.ts'
import { table, words } from '../table.ts'
import { waiting } from './act.ts'

/** What is known of users. */
export function addUsers(tree: Tree, program: Command): void {
  addLeaf<{ search?: string; group?: string } & Paging>(tree, program, {
    is: 'users [user]',
    does: 'users of Nextcloud, or one of them, with second factors',
    examples: ['users', 'users --search ali', 'users --group acme --all', 'users alice'],
    options: [
      option('--search <text>', 'in ids, names and addresses'),
      option('--group <group>', 'only its users'),
      ...paging()
    ],
    run: async (context, [userId], { search, group, ...page }) => {
      if (userId !== undefined) return show(context, '/users/{userId}', userId)
      const query = { search, group }
      await list(
        context,
        '/users',
        { query },
        page,
        [
          { head: 'USER', of: ({ id }) => id },
          { head: 'NAME', of: ({ displayName }) => displayName, long: true },
          { head: 'MAIL', of: ({ mailAddress }) => mailAddress, long: true },
          { head: 'ENABLED', of: ({ enabled }) => enabled },
          { head: 'BACKEND', of: ({ backend }) => backend },
          { head: 'LAST LOG-IN (UTC)', of: ({ lastLogin }) => lastLogin },
          { head: 'GROUPS', of: ({ groups }) => groups, long: true }
        ],
        'No such user.'
      )
    }
  })
  addLeaf(tree, program, {
    is: 'access <user>',
    does: 'what access a user has now, and how it could be revoked',
    examples: ['access alice'],
    run: (context, [userId]) => show(context, '/users/{userId}/access', userId!)
  })
  addLeaf<Paging>(tree, program, {
    is: 'history <user>',
    does: "one person's story, oldest first",
    examples: ['history alice', 'history alice --all --json'],
    options: paging(),
    run: (context, [userId], page) =>
      list(
        context,
        '/users/{userId}/history',
        { path: { userId } },
        page,
        [
          { head: 'WHEN (UTC)', of: ({ at }) => at },
          { head: 'WHAT', of: ({ text }) => text },
          { head: 'BY', of: ({ actor }) => actor }
        ],
        'Nothing is known of this user.'
      )
  })
  addTokens(tree, program)
}

async function show(
  context: Context,
  path: '/users/{userId}' | '/users/{userId}/access',
  userId: string
): Promise<void> {
  const init = { params: { path: { userId } }, signal: context.io.signal }
  const { data } =
    path === '/users/{userId}'
      ? await context.locksmith().GET(path, init)
      : await context.locksmith().GET(path, init)
  await context.show(data)
}

const revoke = kinds.find(({ name }) => name === 'revoke')!

function addTokens(tree: Tree, program: Command): void {
  const tokens = addGroup(tree, program, 'tokens', 'sessions and app passwords', 'tokens list alice')
  addLeaf(tree, tokens, {
    is: 'list <user>',
    does: 'sessions and app passwords of a user',
    examples: ['tokens list alice'],
    run: async (context, [userId]) => {
      const init = { params: { path: { userId: userId! } }, signal: context.io.signal }
      const { data } = await context.locksmith().GET('/users/{userId}/tokens', init)
      await context.answer(data, ({ items }) =>
        items.length === 0
          ? 'None.'
          : table(
              items,
              [
                { head: 'ID', of: ({ id }) => id },
                { head: 'KIND', of: ({ kind }) => kind },
                { head: 'NAME', of: ({ name }) => name, long: true },
                { head: 'LAST USED (UTC)', of: ({ lastUsedAt }) => lastUsedAt }
              ],
              context.look
            )
      )
    }
  })
  addLeaf<{ yes?: boolean; dryRun?: boolean; wait?: boolean; timeout?: number; reason?: string }>(
    tree,
    tokens,
    {
      is: 'revoke <user> <token>',
      does: 'revoke one of them; all of them: locksmith revoke',
      examples: ['tokens revoke alice 17'],
      options: [
        option('--reason <text>', 'why; it is in the audit'),
        option('--replace-password', 'the password, too'),
        choice('--mail <way>', 'who sends the reset mail', ['nextcloud', 'smtp', 'none']),
        option('-y, --yes', 'do not ask'),
        option('--dry-run', 'say what would come of it, and change nothing'),
        ...waiting()
      ],
      run: (context, [userId, tokenId], { reason, ...rest }) => {
        const { replacePassword, mail } = rest as { replacePassword?: boolean; mail?: string }
        const one = {
          ...revoke,
          verb: `Revoke token ${words(tokenId)} of`,
          path: `/users/{userId}/tokens/${encodeURIComponent(tokenId!)}`
        }
        return actOnOne(
          context,
          one,
          userId!,
          { ...(reason && { reason }), ...(replacePassword && { replacePassword }), ...(mail && { mail }) },
          rest
        )
      }
    }
  )
}
