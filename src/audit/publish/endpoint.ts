import { createPost, type PostTarget } from '../forward/post.ts'
import type { CheckpointTarget } from './publish.ts'

/** Posts each checkpoint to a URL, as `text/plain`: the note as it is. A 2xx says that it is there. */
export function endpointTarget(target: PostTarget): CheckpointTarget {
  const post = createPost(target)
  return {
    name: target.url.origin,
    publish: (note, signal) => post('text/plain; charset=utf-8', Buffer.from(note), signal)
  }
}
