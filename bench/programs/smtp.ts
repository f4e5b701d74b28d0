/** A mail server that takes everything, looks at nothing, and counts. */

import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { onQuestion, tell } from './answer.ts'

let taken = 0

const server = createServer((socket) => {
  let unread = ''
  let inMail = false
  socket.setEncoding('latin1')
  socket.on('error', () => {})
  socket.on('data', (chunk) => {
    unread += chunk
    for (;;) {
      const end = unread.indexOf(inMail ? '\r\n.\r\n' : '\r\n')
      if (end === -1) return
      const verb = unread.slice(0, 4).toUpperCase()
      unread = unread.slice(end + (inMail ? 5 : 2))
      if (inMail) taken++
      inMail = !inMail && verb === 'DATA'
      socket.write(inMail ? '354 go on\r\n' : '250 taken\r\n')
      if (verb === 'QUIT') socket.end()
    }
  })
  socket.write('220 bench ESMTP\r\n')
})
onQuestion(() => ({ taken }))
server.listen(0, '127.0.0.1', () =>
  tell({ url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}` })
)
