/**
 * Whether PostgreSQL was not reached, or ended the connection: SQLSTATE classes 08, 53, 57P, 25P03, codes of sockets,
 * and what the driver says without a code.
 */
export function isDatabaseFailure(error: unknown): boolean {
  const { code = '', message = '' } = (error ?? {}) as { code?: string; message?: string }
  return (
    /^(08|53|57P|25P03)/.test(code) ||
    /^(E(CONN|PIPE|TIMEDOUT|HOST|NET)|ENOTFOUND|EAI_AGAIN)/.test(code) ||
    /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|Query read timeout/.test(
      message
    )
  )
}

/** Whether PostgreSQL ended the transaction in favour of another one: it can be done again as it is. */
export const isConflict = (error: unknown): boolean =>
  ['40001', '40P01'].includes((error as { code?: string } | undefined)?.code ?? '')
