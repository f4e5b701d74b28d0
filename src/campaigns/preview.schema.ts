import Type, { type Static } from 'typebox'
import { outReasons } from './participant.ts'
import type { Preview } from './preview.ts'

const Count = Type.Integer({ minimum: 0 })
const Some = Type.Array(Type.String(), { description: 'The first hundred' })
const Time = Type.String({ format: 'date-time' })

export const PreviewView = Type.Object(
  {
    listed: { ...Count, description: 'Users that Nextcloud told of' },
    in: Type.Object({ total: Count, users: Some }, { description: 'Who would be asked' }),
    out: Type.Array(Type.Object({ reason: Type.Enum([...outReasons]), total: Count, users: Some }), {
      description: 'Who is in the audience and would not be asked, and why'
    }),
    firstMailsPerHour: Count,
    lastMailAt: { ...Time, description: 'When the last of the first mails, or resets, would be due' },
    closesAt: { ...Time, description: "When everybody's time would be over" },
    dates: Type.Array(Time, {
      description: 'When the next rounds would begin, by the schedule: five at most'
    }),
    approval: Type.Object(
      { lockOuts: Count, most: Count, needed: Type.Boolean() },
      { description: 'If nobody answered: how many would be locked out, and may be now without an approval' }
    ),
    mail: Type.Union(
      [
        Type.Object({
          subject: Type.String(),
          language: Type.String(),
          text: Type.String(),
          html: Type.String()
        }),
        Type.Null()
      ],
      { description: 'As the first who would be asked would get it, without a link that works' }
    )
  },
  { $id: 'CampaignPreview' }
)
export type PreviewView = Static<typeof PreviewView>

export const viewOfPreview = (preview: Preview): PreviewView => ({
  ...preview,
  lastMailAt: preview.lastMailAt.toISOString(),
  closesAt: preview.closesAt.toISOString(),
  dates: preview.dates.map((date) => date.toISOString())
})
