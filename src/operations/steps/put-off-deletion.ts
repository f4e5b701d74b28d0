import { done, type Step, skipped } from '../step.ts'

/** The account is deleted later, by an operation of its own: until then the person may come back. */
export const putOffDeletion: Step = {
  name: 'put-off-deletion',
  repeat: { safe: 'it is written down together with having done so' },
  async run({ operation, putOffDeletion }) {
    const deletion = await putOffDeletion(operation.input.deleteAfter!)
    return deletion ? done({ deletion }) : skipped()
  }
}
