/** Two that do not take the whole width stand side by side; one that is left alone takes all of it. */
export function wideOnes(wide: readonly boolean[]): boolean[] {
  const out: boolean[] = []
  let open = -1
  wide.forEach((one, at) => {
    out[at] = one
    if (one) {
      if (open >= 0) out[open] = true
      open = -1
    } else {
      open = open >= 0 ? -1 : at
    }
  })
  if (open >= 0) out[open] = true
  return out
}
