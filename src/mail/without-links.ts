/**
 * What a mail server says, without the links of ours that it may have quoted: filters name what they dislike, and
 * whoever has a person's link can answer for that person.
 */
export const withoutLinks = (said: string): string =>
  said.replace(/(\/|%2F)(confirm|contact)(\/|%2F)[\w-]+/gi, '$1$2$3[withheld]')
