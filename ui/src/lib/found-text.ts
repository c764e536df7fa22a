/** A number of finds as it is shown: a search counts no further than it has to, and then says that there are more. */
export function foundText(total: number, more: boolean | undefined, language: string): string {
  return `${total.toLocaleString(language)}${more ? '+' : ''}`
}
