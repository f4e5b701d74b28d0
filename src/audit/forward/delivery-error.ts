/** What was sent was not received, as far as we know. The message is in words of ours: a server's may hold anything. */
export class DeliveryError extends Error {
  /** How long the receiver wants to be left alone, in seconds. */
  readonly retryAfterSeconds: number | undefined

  constructor(
    message: string,
    { retryAfterSeconds, cause }: { retryAfterSeconds?: number | undefined; cause?: unknown } = {}
  ) {
    super(message, { cause })
    this.name = 'DeliveryError'
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** An error of a socket or of TLS as a {@link DeliveryError}, told by its code alone. */
export function undelivered(error: unknown): DeliveryError {
  if (error instanceof DeliveryError) return error
  const code = codeOf(error)
  if (code !== undefined && /CERT|SSL|TLS|SELF_SIGNED|ISSUER/.test(code))
    return new DeliveryError(`its TLS certificate is not accepted (${code})`, { cause: error })
  return new DeliveryError(
    code === undefined ? 'it broke off' : `it cannot be reached, or broke off (${code})`,
    {
      cause: error
    }
  )
}

/** Codes stand on the error, on its cause, or on the first of several (one for each address of a name). */
function codeOf(error: unknown): string | undefined {
  const { code, cause, errors } = (error ?? {}) as { code?: unknown; cause?: unknown; errors?: unknown[] }
  if (typeof code === 'string' && /^\w{1,64}$/.test(code)) return code
  const inner = cause ?? errors?.[0]
  return inner === undefined ? undefined : codeOf(inner)
}
