/**
 * Whether PostgreSQL was not reached, or ended the connection: SQLSTATE classes 08, 53, 57P, 25P03, codes of sockets,
 * and what the driver says without a code.
 */
export function isDatabaseFailure(error: unknown): boolean {
  const { code = '', message = '' } = (error ?? {}) as { code?: string; message?: string }
  return (
    /^(08|53|57P|25P03)/.test(code) ||
    /^E(CONN|PIPE|TIMEDOUT|HOST)/.test(code) ||
    /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error/.test(
      message
    )
  )
}
