import t from 'tap'
import { conforms } from './promises.ts'
import { sessionSubject } from './session-subject.ts'

t.test('revoking by a log-in', (t) => conforms(t, sessionSubject))
