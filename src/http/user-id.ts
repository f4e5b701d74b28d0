import Type from 'typebox'
import { userIdForm } from '../nextcloud/user-id.ts'

export const UserId = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: userIdForm,
  description: "The user's id in Nextcloud, not the mail address. Upper and lower case are the same user."
})

/** Of the path: Swagger UI fills in the example, which a filter had better not have. */
export const UserParams = Type.Object({ userId: { ...UserId, examples: ['alice'] } })
