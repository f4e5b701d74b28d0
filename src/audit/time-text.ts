/** SQL: a time with six digits of a second: the very one, and nothing left over that could be changed unseen. */
export const timeText = (time: string): string =>
  `to_char(${time} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
